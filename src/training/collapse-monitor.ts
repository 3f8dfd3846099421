export interface CollapseMonitorOptions {
  /** Dimensions of the latents. */
  readonly latentSize: number;
}

export interface CollapseMonitor {
  /**
   * Takes the metrics of an evaluation (see `createEvaluator`) and gives the warnings they call for. Each kind of
   * collapse is warned of once, and again only after an evaluation without it.
   */
  observe(step: number, metrics: Readonly<Record<string, number>>): string[];
}

type Metrics = Readonly<Record<string, number>>;
type Kind = 'complete' | 'dimensional' | 'static';

/** Latents are normalised to unit size: when they vary by less than this, they are as good as constant. */
const leastStd = 0.1;
/** Least effective rank, as a share of the dimensions; and at least two. */
const leastRankShare = 0.1;
/** An error this close to that of the best constant guess has learned nothing. */
const stuckShare = 0.9;
/** Mean squared change a step below which latents stand still. */
const leastChange = 1e-3;
/** Evaluations in a row that must show static collapse: early on, heads have not learned yet. */
const patience = 2;

/**
 * Watches evaluations for the three ways in which an encoder collapses. *Complete*: all latents are the same.
 * *Dimensional*: they fill a few directions only. *Static*: they tell scenes apart, so their spread and rank look
 * healthy, but hold nothing of what moves; prediction is then perfect and planning blind. It shows in the actions, which can't
 * be read from successive latents better than by guessing, in latents that don't change, and in a probe that finds
 * nothing: the last and one of the others must hold.
 */
export function createCollapseMonitor({ latentSize }: CollapseMonitorOptions): CollapseMonitor {
  const held: Record<Kind, number> = { complete: 0, dimensional: 0, static: 0 };
  const needed: Record<Kind, number> = { complete: 1, dimensional: 1, static: patience };
  const leastRank = Math.max(2, leastRankShare * latentSize);

  return {
    observe(step, metrics) {
      const found = diagnose(metrics, leastRank);
      for (const kind of Object.keys(held) as Kind[]) held[kind] = found?.kind === kind ? held[kind] + 1 : 0;
      if (found === null || held[found.kind] !== needed[found.kind]) return [];
      return [`step ${step}: ${found.message}`];
    },
  };
}

function diagnose(metrics: Metrics, leastRank: number): { readonly kind: Kind; readonly message: string } | null {
  const { std, effectiveRank, similarity } = metrics;
  if (std! < leastStd) {
    return {
      kind: 'complete',
      message: `the encoder has collapsed: latents vary by ${show(std)} only (healthy: about 1). Strengthen what the objective pushes latents apart with, or choose another objective.`,
    };
  }
  if (effectiveRank! < leastRank) {
    return {
      kind: 'dimensional',
      message: `the encoder is collapsing: latents fill ${show(effectiveRank)} dimensions (warned of below ${show(leastRank)}). Raise the covariance weight, or choose another objective.`,
    };
  }
  const inverse = shareOfChance(metrics, 'inverse');
  const readout = 'probe' in metrics ? 'probe' : 'heading';
  const read = shareOfChance(metrics, readout);
  const blind = inverse !== null && inverse > stuckShare;
  const still = similarity! < leastChange;
  if (read !== null && read > stuckShare && (blind || still)) {
    const signs = [
      ...(blind ? [`actions read from latents are off by ${percent(inverse)} of what a constant guess is`] : []),
      ...(still ? [`latents change by ${show(similarity)} a step`] : []),
      `the ${readout} probe errs by ${percent(read)} of a constant guess`,
    ];
    return {
      kind: 'static',
      message: `static collapse: latents hold nothing of what moves, though their spread looks healthy (${signs.join(', ')}). Raise the inverse weight, lower the similarity weight, or add temporalVariance.`,
    };
  }
  return null;
}

/** A metric as a share of the best constant guess's error; null where nothing is to be guessed. */
function shareOfChance(metrics: Metrics, name: string): number | null {
  const [error, chance] = [metrics[name], metrics[`${name}Chance`]];
  return error === undefined || chance === undefined || !(chance > 0) ? null : error / chance;
}

function show(value: number | undefined): string {
  return (value ?? Number.NaN).toPrecision(2);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
