import type { MomentName } from './latent-moments.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

export interface CollapseMeasures {
  /**
   * RankMe (Garrido et al., 2023): exp of the entropy of the normalised singular values of all latents as one matrix.
   * From 1, all latents on one line through 0 (a constant latent among them), to D.
   */
  readonly effectiveRank: number;
  /** (sum of variances)^2 / sum of squared variances along the principal axes: from 1 to D; 0 where nothing varies. */
  readonly participationRatio: number;
  /** Mean over dimensions of the standard deviation over all latents. */
  readonly std: number;
  /**
   * Share of the variance that lies within windows, in time: near 0 where latents tell scenes apart and nothing that
   * happens in them (static collapse), which none of the others shows. 0 where nothing varies.
   */
  readonly temporalShare: number;
}

/** Below this part of the latents' mean square, variance is rounding. */
const negligible = 1e-7;

/** From sums over latents [M, D] (see `latentMoments`), M = count. */
export function collapseMeasures(moments: Readonly<Record<MomentName, ArrayLike<number>>>): CollapseMeasures {
  const { sum, outer, within } = moments;
  const count = Math.max(moments.count[0]!, 1);
  const size = sum.length;
  const power = Array.from({ length: size }, (_, i) => outer[i * size + i]! / count).reduce((a, b) => a + b);
  const covariance = Float64Array.from(
    { length: size * size },
    (_, i) => outer[i]! / count - (sum[Math.floor(i / size)]! / count) * (sum[i % size]! / count),
  );
  const variances = Array.from({ length: size }, (_, i) => Math.max(covariance[i * size + i]!, 0));
  const total = variances.reduce((a, b) => a + b);
  const std = variances.reduce((mean, variance) => mean + Math.sqrt(variance) / size, 0);

  const singular = symmetricEigenvalues(Float64Array.from(outer), size).map((value) => Math.sqrt(Math.max(value, 0)));
  const nuclear = singular.reduce((a, b) => a + b);
  const entropy = singular.reduce((h, value) => {
    const p = nuclear > 0 ? value / nuclear : 0;
    return p > 0 ? h - p * Math.log(p) : h;
  }, 0);
  if (!(total > negligible * power))
    return { effectiveRank: Math.exp(entropy), participationRatio: 0, std, temporalShare: 0 };
  const squares = covariance.reduce((a, value) => a + value * value, 0);
  return {
    effectiveRank: Math.exp(entropy),
    participationRatio: (total * total) / squares,
    std,
    temporalShare: within[0]! / count / total,
  };
}
