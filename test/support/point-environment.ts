import ndarray from 'ndarray';
import type { Environment, EpisodeInfo, Frame, Instruction, Observation } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { createBoxSpace } from '../../src/core/space.ts';
import type { GuardrailSpec, Point, TaskSpec, TermSpec } from '../../src/core/task.ts';

export interface PointEnvironmentOptions {
  readonly when?: 'final-step' | 'first-hit';
  readonly budgetSteps?: number;
}

/**
 * The smallest world that has everything an evaluation needs: a point that moves by its action, a goal, a zone on
 * the right that breaks a guardrail, and an 8x8 picture of the point (red) and the goal (green).
 */
export function createPointEnvironment(options: PointEnvironmentOptions = {}): Environment {
  const { when = 'first-hit', budgetSteps = 12 } = options;
  const objective: readonly TermSpec[] = [{ term: 'distance', of: 'pusher', to: 'goal' }];
  const guardrails: readonly GuardrailSpec[] = [
    { kind: 'keep-out', who: 'pusher', region: { x: [0.8, 1], y: [0, 1] } },
  ];
  const task: TaskSpec = {
    id: 'point',
    scene: { objects: [], targets: { goal: { at: { x: [0, 1], y: [0, 1] } } } },
    objective,
    guardrails,
    success: { all: [{ near: ['pusher', 'goal'], within: 0.05 }], when },
    budgetSteps,
  };
  const actionSpace = createBoxSpace({ low: [-0.1, -0.1], high: [0.1, 0.1] });
  let position: Point = [0, 0];
  let goal: Point = [1, 1];
  let steps = 0;

  const distance = (): number => Math.hypot(position[0] - goal[0], position[1] - goal[1]);
  const inspect = (): EpisodeInfo => ({
    truth: { positions: { pusher: position }, angles: {}, targets: { goal } },
    success: distance() <= 0.05 && (when === 'first-hit' || steps >= budgetSteps),
    distance: distance(),
    violations: steps > 0 && position[0] >= 0.8 ? ['keep-out'] : [],
    violators: steps > 0 && position[0] >= 0.8 ? ['pusher'] : [],
  });
  const observe = (): Observation => ({ frame: picture(8) });
  const picture = (size: number): Frame => {
    const frame = ndarray(new Uint8Array(size * size * 3), [size, size, 3]);
    const cell = (value: number): number => Math.min(size - 1, Math.floor(value * size));
    frame.set(cell(goal[1]), cell(goal[0]), 1, 255);
    frame.set(cell(position[1]), cell(position[0]), 0, 255);
    return frame;
  };
  const instruction = (): Instruction => ({
    taskId: task.id,
    objective,
    guardrails,
    targets: { goal },
    entities: [{ name: 'pusher', colour: [255, 0, 0] }],
    goalFrame: null,
    budgetSteps,
  });

  return {
    task,
    actionSpace,
    frameShape: [8, 8, 3],
    reset({ seed }) {
      const rng = createRng(seed, 'point');
      position = [rng.uniform(), rng.uniform()];
      goal = [rng.uniform(), rng.uniform()];
      steps = 0;
      return { observation: observe(), instruction: instruction(), info: inspect() };
    },
    step(action) {
      const [dx, dy] = actionSpace.clip(action);
      position = [clamp(position[0] + dx!), clamp(position[1] + dy!)];
      steps += 1;
      const info = inspect();
      const terminated = when === 'first-hit' && info.success;
      return { observation: observe(), reward: -info.distance, terminated, truncated: steps >= budgetSteps, info };
    },
    getState: () => Float64Array.of(...position, ...goal, steps),
    setState([x, y, goalX, goalY, stepsTaken]) {
      position = [x!, y!];
      goal = [goalX!, goalY!];
      steps = stepsTaken!;
    },
    inspect,
    render: picture,
  };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
