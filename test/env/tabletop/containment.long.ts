import { oneObject, pushAgainstWalls, sixObjects } from '../../support/push-against-walls.ts';

/** Episodes of 100 steps. */
const episodes = 100;

describe('pushing everything against the walls, for 10,000 steps', () => {
  it('lets one object neither escape nor be crushed by more than 6 px of 512', () => {
    const { wrongs, pressed } = pushAgainstWalls(oneObject, episodes);
    expect(wrongs).toEqual([]);
    // It was a trial: the object was at a wall in a good part of the steps.
    expect(pressed).toBeGreaterThan(20 * episodes);
  });

  it('lets no object of a crowd of six escape or be crushed', () => {
    const { wrongs, pressed } = pushAgainstWalls(sixObjects, episodes);
    expect(wrongs).toEqual([]);
    expect(pressed).toBeGreaterThan(20 * episodes);
  });
});
