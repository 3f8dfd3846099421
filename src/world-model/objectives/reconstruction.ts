import { noNoise, type Objective } from './objective.ts';

/** The objective of generative models asks nothing of latents: pictures are compared, by `pictureLoss`. */
export function createReconstruction(): Objective {
  return {
    teacherDecay: null,
    noise: noNoise,
    loss: () => {
      throw new TypeError('reconstruction compares pictures, not latents');
    },
  };
}
