import { createRng } from '../core/rng.ts';
import type { CompileOptions } from '../engine/program.ts';
import { latentSize } from '../world-model/config.ts';
import type { StoredModel } from '../world-model/decode-model.ts';
import { encodeTrajectories } from './latent-windows.ts';
import { playTrajectories } from './two-rooms-windows.ts';

/** Trajectories of play as the frozen encoder sees them. M trajectories, T latents each, a predictor step apart. */
export interface LatentPlay {
  readonly count: number;
  readonly length: number;
  readonly latentSize: number;
  /** [M, T, D] */
  readonly latents: Float32Array;
}

/** Frames of a trajectory, as in the world model's own training. */
const frames = 91;

/** Play in Two-Rooms, in layouts of its own, through a model's encoder. */
export async function playLatents(
  { config, layout, parameters }: Pick<StoredModel, 'config' | 'layout' | 'parameters'>,
  count: number,
  seed: number,
  options: CompileOptions = {},
): Promise<LatentPlay> {
  const { actionRepeat } = config;
  const length = Math.floor((frames - 1) / actionRepeat) + 1;
  const played = playTrajectories(count, frames, actionRepeat, seed, 'critic');
  const { latents } = await encodeTrajectories({ config, layout, parameters }, played, options);
  return { count, length, latentSize: latentSize(config), latents };
}

export interface CriticBatchesOptions {
  readonly play: LatentPlay;
  readonly action: { readonly low: readonly number[]; readonly high: readonly number[]; readonly maxNorm?: number };
  readonly batch: number;
  /** Actions tried from each latent. */
  readonly tried: number;
  /** Predictor steps that the world model leads away from play at most, before the critic is asked. */
  readonly lead: number;
  readonly seed: number;
}

export type CriticFeeds = Readonly<Record<'latent' | 'goal' | 'seen' | 'away' | 'leads' | 'actions', Float32Array>>;

/**
 * Pairs of moments of one trajectory, in either direction of time, drawn from each step's own stream. Half of them
 * begin where play was (`seen` tells the steps in between), half 1 ... `lead` imagined steps away from there, as plans do.
 */
export function createCriticBatches(options: CriticBatchesOptions): {
  at(step: number, neverSeen: number): CriticFeeds;
} {
  const { play, action, batch, tried, lead, seed } = options;
  const { count, length, latentSize: size, latents } = play;
  const width = action.low.length;
  const feeds = {
    latent: new Float32Array(batch * size),
    goal: new Float32Array(batch * size),
    seen: new Float32Array(batch),
    /** [B, lead + 1] one-hot: how many imagined steps away. */
    away: new Float32Array(batch * (lead + 1)),
    leads: new Float32Array(batch * width),
    actions: new Float32Array(batch * tried * width),
  };
  return {
    at(step, neverSeen) {
      const rng = createRng(seed, 'critic', 'batches', step);
      /** Full speed or any, any direction. */
      const draw = (): number[] => {
        const direction = action.low.map(() => rng.normal());
        const norm = Math.hypot(...direction);
        const share = rng.chance(0.5) ? 1 : rng.uniform();
        return direction.map((value, i) => {
          const reach = Math.min(action.maxNorm ?? Number.POSITIVE_INFINITY, action.high[i]!);
          return (share * reach * value) / norm;
        });
      };
      feeds.away.fill(0);
      for (let row = 0; row < batch; row++) {
        const trajectory = rng.integer(count) * length;
        const [from, to] = [rng.integer(length), rng.integer(length)];
        const steps = rng.chance(0.5) ? 0 : 1 + rng.integer(lead);
        feeds.latent.set(latents.subarray((trajectory + from) * size, (trajectory + from + 1) * size), row * size);
        feeds.goal.set(latents.subarray((trajectory + to) * size, (trajectory + to + 1) * size), row * size);
        feeds.seen[row] = steps === 0 ? Math.abs(to - from) : neverSeen;
        feeds.away[row * (lead + 1) + steps] = 1;
        feeds.leads.set(draw(), row * width);
        for (let c = 0; c < tried; c++) feeds.actions.set(draw(), (row * tried + c) * width);
      }
      return feeds;
    },
  };
}
