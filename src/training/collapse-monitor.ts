export interface CollapseMonitorOptions {
  /** Dimensions of the latents. */
  readonly latentSize: number;
}

export interface CollapseMonitor {
  /**
   * Takes the metrics of an evaluation (see `createEvaluator`) and gives the warnings they call for. Each kind of
   * collapse is warned of once, and again only after an evaluation without it.
   */
  observe(step: number, metrics: Metrics): string[];
}

type Metrics = Readonly<Record<string, number>>;

const kinds = ['complete', 'dimensional', 'static'] as const;
type Kind = (typeof kinds)[number];

/** Latents are normalised to unit size: when they vary by less than this, they are as good as constant. */
const leastStd = 0.1;
/** Least effective rank, as a share of the dimensions; and at least two. */
const leastRankShare = 0.1;
/** Errors above these shares of the best constant guess's: nothing was learned. */
const blindInverse = 0.95;
const blindReadout = 0.75;
/** Mean squared change a step below which latents stand still. */
const leastChange = 1e-3;
/** Steps over which static collapse must be seen: heads that read latents need some hundred to learn. */
const patienceSteps = 400;

/**
 * Watches evaluations for the three ways in which an encoder collapses. *Complete*: all latents are the same.
 * *Dimensional*: they fill a few directions only. *Static*: they tell scenes apart, so their spread and rank look
 * healthy, but hold nothing of what moves; prediction is then near perfect and planning blind. It shows in a probe
 * that finds nothing, together with actions that can't be read from successive latents better than by guessing, or
 * with latents that don't change.
 */
export function createCollapseMonitor({ latentSize }: CollapseMonitorOptions): CollapseMonitor {
  const leastRank = Math.max(2, leastRankShare * latentSize);
  const patience: Readonly<Record<Kind, number>> = { complete: 0, dimensional: 0, static: patienceSteps };
  /** The step since when a kind has been seen without a break; null where it is not seen. */
  const since: Record<Kind, number | null> = { complete: null, dimensional: null, static: null };
  const warned: Record<Kind, boolean> = { complete: false, dimensional: false, static: false };

  return {
    observe(step, metrics) {
      const found = diagnose(metrics, leastRank);
      for (const kind of kinds) {
        if (kind === found?.kind) since[kind] ??= step;
        else [since[kind], warned[kind]] = [null, false];
      }
      if (found === null || warned[found.kind] || step - since[found.kind]! < patience[found.kind]) return [];
      warned[found.kind] = true;
      return [`step ${step}: ${found.message}`];
    },
  };
}

function diagnose(metrics: Metrics, leastRank: number): { readonly kind: Kind; readonly message: string } | null {
  const { std, effectiveRank } = metrics;
  if (std! < leastStd) {
    return {
      kind: 'complete',
      message: `complete collapse: latents vary by ${show(std)} only (healthy: about 1). Raise the weights that push latents apart, or choose another objective.`,
    };
  }
  if (effectiveRank! < leastRank) {
    return {
      kind: 'dimensional',
      message: `dimensional collapse: latents fill ${show(effectiveRank)} dimensions (at least ${show(leastRank)} should be). Raise the weights that keep dimensions apart, or choose another objective.`,
    };
  }
  const signs = staticSigns(metrics);
  if (signs === null) return null;
  return {
    kind: 'static',
    message: `static collapse: latents hold nothing of what moves, though their spread looks healthy (${signs.join(', ')}). Raise the inverse weight, lower the similarity weight, or add temporalVariance.`,
  };
}

/** What tells of static collapse, in words; null where it is not seen. */
function staticSigns(metrics: Metrics): string[] | null {
  const name = 'probe' in metrics ? 'probe' : 'heading';
  const readout = shareOfChance(metrics, name);
  const inverse = shareOfChance(metrics, 'inverse');
  const { similarity } = metrics;
  const blind = inverse !== null && inverse > blindInverse;
  const still = similarity! < leastChange;
  if (readout === null || readout < blindReadout || !(blind || still)) return null;
  return [
    `the ${name === 'probe' ? 'position' : name} probe errs by ${percent(readout)} of a constant guess`,
    ...(blind ? [`actions are read with ${percent(inverse)} of a constant guess's error`] : []),
    ...(still ? [`latents change by ${show(similarity)} a step`] : []),
  ];
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
