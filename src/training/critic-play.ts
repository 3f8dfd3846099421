import { createRng, type Rng } from '../core/rng.ts';
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

/**
 * Frames of a trajectory, more than the world model's own have: only moments of one layout can be paired, and the longer
 * play goes on in it, the more of both rooms they lie in.
 */
const frames = 241;

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
  /** Actions are vectors of at most this length. */
  readonly reach: number;
  readonly batch: number;
  /** Of the actions tried from each latent: full speed, evenly all around. */
  readonly around: number;
  /** And so many of any speed, any direction. */
  readonly anywhere: number;
  /** Predictor steps that the world model leads away from play at most, before the critic is asked. */
  readonly lead: number;
  readonly seed: number;
}

export type CriticFeeds = Readonly<Record<'latent' | 'goal' | 'seen' | 'away' | 'leads' | 'actions', Float32Array>>;

/** Share of pairs that begin at imagined latents: that is what plans ask about. */
const imaginedShare = 0.4;

/** Share of pairs whose moments are at most `near` predictor steps apart: of pairs drawn evenly few are. */
const nearShare = 0.25;
const near = 3;

/**
 * Pairs of moments of one trajectory, in either direction of time, drawn from each step's own stream. Some begin where
 * play was (`seen` tells the steps in between), the others 1 ... `lead` imagined steps away from there, as plans do.
 */
export function createCriticBatches(options: CriticBatchesOptions): {
  at(step: number, neverSeen: number): CriticFeeds;
} {
  const { play, reach, batch, around, anywhere, lead, seed } = options;
  const { count, length, latentSize: size, latents } = play;
  const tried = around + anywhere;
  const feeds = {
    latent: new Float32Array(batch * size),
    goal: new Float32Array(batch * size),
    seen: new Float32Array(batch),
    /** [B, lead + 1] one-hot: how many imagined steps away. */
    away: new Float32Array(batch * (lead + 1)),
    leads: new Float32Array(batch * 2),
    actions: new Float32Array(batch * tried * 2),
  };
  const write = (to: Float32Array, index: number, norm: number, angle: number): void => {
    to[2 * index] = norm * Math.cos(angle);
    to[2 * index + 1] = norm * Math.sin(angle);
  };
  const momentsOf = (rng: Rng): readonly [number, number] => {
    const from = rng.integer(length);
    if (!rng.chance(nearShare)) return [from, rng.integer(length)];
    return [from, Math.min(length - 1, Math.max(0, from + rng.integer(2 * near + 1) - near))];
  };
  return {
    at(step, neverSeen) {
      const rng = createRng(seed, 'critic', 'batches', step);
      const turn = (): number => 2 * Math.PI * rng.uniform();
      feeds.away.fill(0);
      for (let row = 0; row < batch; row++) {
        const trajectory = rng.integer(count) * length;
        const [from, to] = momentsOf(rng);
        const steps = rng.chance(imaginedShare) ? 1 + rng.integer(lead) : 0;
        feeds.latent.set(latents.subarray((trajectory + from) * size, (trajectory + from + 1) * size), row * size);
        feeds.goal.set(latents.subarray((trajectory + to) * size, (trajectory + to + 1) * size), row * size);
        feeds.seen[row] = steps === 0 ? Math.abs(to - from) : neverSeen;
        feeds.away[row * (lead + 1) + steps] = 1;
        write(feeds.leads, row, reach * (rng.chance(0.5) ? 1 : rng.uniform()), turn());
        const first = turn();
        for (let c = 0; c < around; c++)
          write(feeds.actions, row * tried + c, reach, first + (2 * Math.PI * c) / around);
        for (let c = around; c < tried; c++) write(feeds.actions, row * tried + c, reach * rng.uniform(), turn());
      }
      return feeds;
    },
  };
}
