import { compile } from '../engine/compile.ts';
import type { CompileOptions, Executable } from '../engine/program.ts';
import type { ColourSlotsConfig } from '../world-model/config.ts';
import { perceiveSlots } from '../world-model/encoders/colour-slots.ts';

/** Features of F frames and K prototypes. */
export interface Seen {
  /** [F, K, 2] */
  readonly centroid: Float32Array;
  /** [F, K, crop^2] */
  readonly crop: Float32Array;
  /** [F, K] */
  readonly mass: Float32Array;
}

export interface Perceiver {
  perceive(frames: readonly Uint8Array[]): Promise<Seen>;
  dispose(): Promise<void>;
}

/** The fixed part of the encoder, for all frames of an episode at once. */
export async function createPerceiver(
  encoder: ColourSlotsConfig,
  shape: readonly number[],
  options: CompileOptions,
): Promise<Perceiver> {
  const size = shape.reduce((product, length) => product * length, 1);
  const executables = new Map<number, Executable>();
  return {
    async perceive(frames) {
      const rows = frames.length;
      let executable = executables.get(rows);
      if (executable === undefined) {
        executable = await compile(
          {
            name: 'perceive',
            inputs: { frames: { shape: [rows, ...shape] } },
            run: ({ frames: batch }) => ({ ...perceiveSlots(batch!, encoder) }),
          },
          options,
        );
        executables.set(rows, executable);
      }
      const batch = new Float32Array(rows * size);
      frames.forEach((frame, i) => {
        batch.set(frame, i * size);
      });
      const { centroid, crop, mass } = await executable.run({ frames: batch });
      return { centroid: centroid as Float32Array, crop: crop as Float32Array, mass: mass as Float32Array };
    },
    async dispose() {
      for (const executable of executables.values()) await executable.dispose();
    },
  };
}
