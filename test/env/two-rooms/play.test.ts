import { UsageError } from '../../../src/core/errors.ts';
import { createRng } from '../../../src/core/rng.ts';
import { maxActionNorm } from '../../../src/env/two-rooms/field.ts';
import { moveTwoRooms } from '../../../src/env/two-rooms/move.ts';
import { type TwoRoomsTrajectory, twoRoomsTrajectory } from '../../../src/env/two-rooms/play.ts';

const count = 2000;
const trajectories = Array.from({ length: count }, (_, i) => twoRoomsTrajectory(createRng(0, 'play', i)));

const displacement = ({ positions }: TwoRoomsTrajectory, t: number): number =>
  Math.hypot(positions[2 * t + 2]! - positions[2 * t]!, positions[2 * t + 3]! - positions[2 * t + 1]!);
const speed = ({ actions }: TwoRoomsTrajectory, t: number): number => Math.hypot(actions[2 * t]!, actions[2 * t + 1]!);
const crosses = ({ positions, wallX }: TwoRoomsTrajectory): boolean => {
  const sides = new Set(Array.from({ length: positions.length / 2 }, (_, t) => Math.sign(positions[2 * t]! - wallX)));
  return sides.has(1) && sides.has(-1);
};

describe('play data of Two-Rooms', () => {
  it('follows the dynamics: each action leads from each position to the next', () => {
    let worst = 0;
    for (const trajectory of trajectories.slice(0, 500)) {
      const { positions, actions } = trajectory;
      const position = new Float64Array(2);
      for (let t = 0; t < 90; t++) {
        position.set(positions.subarray(2 * t, 2 * t + 2));
        moveTwoRooms(position, 0, actions[2 * t]!, actions[2 * t + 1]!, trajectory);
        worst = Math.max(
          worst,
          Math.abs(position[0]! - positions[2 * t + 2]!),
          Math.abs(position[1]! - positions[2 * t + 3]!),
        );
      }
    }
    // Reversed halves: the displacement is rounded to float32.
    expect(worst).toBeLessThan(1e-5);
  });

  it('holds actions for a block, in forward time', () => {
    let held = 0;
    let changed = 0;
    for (const { actions } of trajectories) {
      for (let t = 1; t < 90; t++) {
        const same = actions[2 * t] === actions[2 * t - 2] && actions[2 * t + 1] === actions[2 * t - 1];
        if (t % 4 === 0) changed += same ? 0 : 1;
        else held += same ? 1 : 0;
      }
    }
    // All but the time-reversed half of the crossings, whose displacements are rounded or cut short by walls.
    expect(held / (count * 67)).toBeGreaterThan(0.8);
    expect(changed / (count * 22)).toBeGreaterThan(0.95);
  });

  it('moves at speeds that an action may have, faster never', () => {
    let sum = 0;
    let fastest = 0;
    for (const trajectory of trajectories) {
      for (let t = 0; t < 90; t++) {
        const pace = speed(trajectory, t);
        fastest = Math.max(fastest, pace);
        sum += pace;
      }
    }
    expect(fastest).toBeGreaterThan(0.99 * maxActionNorm);
    // Rounded displacements.
    expect(fastest).toBeLessThan(maxActionNorm + 1e-5);
    // Mean of U(0.2, 2.45) is 1.325, but for realised displacements at walls.
    expect(sum / (count * 90)).toBeGreaterThan(1.2);
    expect(sum / (count * 90)).toBeLessThan(1.34);
  });

  it('crosses the door in at least 35 % of trajectories, in both directions', () => {
    const crossing = trajectories.filter(crosses);
    const rightward = crossing.filter(({ positions, wallX }) => positions[0]! < wallX).length;
    expect(crossing.length / count).toBeGreaterThan(0.31);
    expect(crossing.length / count).toBeLessThan(0.6);
    expect(Math.abs(rightward / crossing.length - 0.5)).toBeLessThan(0.07);
  });

  it('runs into walls often: the dot is blocked in a good part of the steps', () => {
    let blocked = 0;
    for (const trajectory of trajectories) {
      for (let t = 0; t < 90; t++) if (displacement(trajectory, t) < speed(trajectory, t) - 1e-3) blocked++;
    }
    expect(blocked / (count * 90)).toBeGreaterThan(0.15);
    expect(blocked / (count * 90)).toBeLessThan(0.5);
  });

  it('uses every wall and door position', () => {
    expect(new Set(trajectories.map(({ wallX }) => wallX)).size).toBe(25);
    expect(new Set(trajectories.map(({ doorY }) => doorY)).size).toBe(45);
  });

  it('depends on its stream only, and has the asked shape', () => {
    expect(twoRoomsTrajectory(createRng(0, 'play', 7))).toEqual(trajectories[7]);
    const short = twoRoomsTrajectory(createRng(3), { frames: 2, blockLength: 5 });
    expect([short.positions.length, short.actions.length]).toEqual([4, 2]);
    expect(() => twoRoomsTrajectory(createRng(3), { frames: 1 })).toThrow(UsageError);
    expect(() => twoRoomsTrajectory(createRng(3), { blockLength: 0 })).toThrow('blockLength');
  });
});
