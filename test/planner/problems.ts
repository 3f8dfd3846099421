import type { Scorer } from '../../src/core/contracts.ts';
import { gradientEvaluations } from '../../src/planner/gradient.ts';
import type { ActionBounds } from '../../src/planner/population.ts';

export interface Judgement {
  readonly cost: number;
  readonly violation: number;
}

/** Known dynamics and cost in plain TypeScript, as a function of one plan [H, A]. */
export type Judge = (actions: Float32Array) => number | Judgement;

export interface RecordingScorer extends Scorer {
  /** Samples asked for in each call. */
  readonly calls: number[];
  /** Every plan scored, in order. */
  readonly seen: Float32Array[];
  /** Plans scored for each episode, those with a gradient counted as planners count them. */
  readonly evaluations: () => number;
}

/** A scorer by the same judge for every episode, or by one judge an episode. Gradients are central differences. */
export function scorerOf(size: number, judge: Judge | readonly Judge[]): RecordingScorer {
  const calls: number[] = [];
  const seen: Float32Array[] = [];
  let evaluations = 0;
  const judgeOf = (i: number, samples: number) =>
    typeof judge === 'function' ? judge : judge[Math.floor(i / samples)]!;
  const scorer: RecordingScorer = {
    calls,
    seen,
    evaluations: () => evaluations,
    async score(candidates, samples) {
      calls.push(samples);
      evaluations += samples;
      const count = candidates.length / size;
      const cost = new Float32Array(count);
      const violation = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        const plan = candidates.slice(i * size, (i + 1) * size);
        const worth = judgeOf(i, samples)(plan);
        seen.push(plan);
        cost[i] = typeof worth === 'number' ? worth : worth.cost;
        violation[i] = typeof worth === 'number' ? 0 : worth.violation;
      }
      return { cost, violation };
    },
    async scoreWithGradient(candidates, samples, penalty) {
      const scores = await scorer.score(candidates, samples);
      evaluations += samples * (gradientEvaluations - 1);
      const gradient = candidates.map((x, at) => {
        const i = Math.floor(at / size);
        const worthAt = (value: number): number => {
          const plan = candidates.slice(i * size, (i + 1) * size);
          plan[at - i * size] = value;
          const worth = judgeOf(i, samples)(plan);
          return typeof worth === 'number' ? worth : worth.cost + penalty * worth.violation;
        };
        return (worthAt(x + 1e-3) - worthAt(x - 1e-3)) / 2e-3;
      });
      return { ...scores, gradient };
    },
  };
  return scorer;
}

export function box(size: number, limit = 1, maxNorm = Number.POSITIVE_INFINITY): ActionBounds {
  return { low: new Array<number>(size).fill(-limit), high: new Array<number>(size).fill(limit), maxNorm, size };
}

/** A convex quadratic with its least value 0 at `optimum`, in every number of the plan. */
export function quadraticAround(optimum: number): Judge {
  return (actions) => actions.reduce((sum, x, i) => sum + (1 + (i % 3)) * (x - optimum) ** 2, 0);
}

/**
 * A linear-quadratic regulator: a mass on a line, pushed by a force, steps of 0.2. Cost: sum over the steps of
 * p^2 + 0.1 v^2 + 0.1 u^2, the state counted after each action.
 */
export function createRegulator(horizon: number) {
  const dt = 0.2;
  const start = [1, 0] as const;
  const judge: Judge = (actions) => {
    let [p, v]: readonly [number, number] = start;
    let cost = 0;
    for (let t = 0; t < horizon; t++) {
      const u = actions[t]!;
      p = p + dt * v + 0.5 * dt * dt * u;
      v = v + dt * u;
      cost += p * p + 0.1 * v * v + 0.1 * u * u;
    }
    return cost;
  };
  // Riccati's backward recursion for x' = Ax + Bu; P is the symmetric matrix [[a, b], [b, c]] of the cost to go.
  let [a, b, c] = [0, 0, 0];
  for (let t = 0; t < horizon; t++) {
    const [qa, qb, qc] = [a + 1, b, c + 0.1];
    const [b0, b1] = [0.5 * dt * dt, dt];
    const curvature = 0.1 + b0 * b0 * qa + 2 * b0 * b1 * qb + b1 * b1 * qc;
    const gainOf = (x0: number, x1: number) => (b0 * (qa * x0 + qb * x1) + b1 * (qb * x0 + qc * x1)) / curvature;
    // Columns of A: (1, 0) and (dt, 1).
    const [k0, k1] = [gainOf(1, 0), gainOf(dt, 1)];
    const [newA, newB, newC] = [qa, qa * dt + qb, qa * dt * dt + 2 * qb * dt + qc];
    [a, b, c] = [newA - curvature * k0 * k0, newB - curvature * k0 * k1, newC - curvature * k1 * k1];
  }
  const optimum = a * start[0] ** 2 + 2 * b * start[0] * start[1] + c * start[1] ** 2;
  return { judge, optimum };
}

/** Going from (0, 0) to (2, 0) in steps of at most 1 around a disc of radius 0.4 at (1, 0), which is a guardrail. */
export function twoBasins(horizon: number): (actions: Float32Array) => Judgement & { readonly side: number } {
  return (actions) => {
    let [x, y, violation, side] = [0, 0, 0, 0];
    for (let t = 0; t < horizon; t++) {
      for (let part = 0; part < 4; part++) {
        x += actions[2 * t]! / 4;
        y += actions[2 * t + 1]! / 4;
        violation += Math.max(0, 0.4 - Math.hypot(x - 1, y));
        if (Math.abs(x - 1) < 0.3) side = Math.sign(y);
      }
    }
    return { cost: Math.hypot(x - 2, y), violation, side };
  };
}
