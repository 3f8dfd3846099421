import { fourObjects, oneObject, pushAgainstWalls } from '../../support/push-against-walls.ts';

/** Episodes of 100 steps. */
const episodes = 15;

describe('pushing everything against the walls', () => {
  it('lets one object neither escape nor be crushed by more than 6 px of 512', () => {
    const { wrongs, pressed } = pushAgainstWalls(oneObject, episodes);
    expect(wrongs).toEqual([]);
    // It was a trial: the object was at a wall in a good part of the steps.
    expect(pressed).toBeGreaterThan(20 * episodes);
  });

  it('lets no object of a crowd escape, and squeezes one deeper than 6 px in one of 500 steps at most', () => {
    const { wrongs, pressed } = pushAgainstWalls(fourObjects, episodes);
    expect(wrongs.filter((wrong) => wrong.includes('escaped'))).toEqual([]);
    expect(wrongs.length).toBeLessThanOrEqual((100 * episodes) / 500);
    expect(pressed).toBeGreaterThan(20 * episodes);
  });
});
