import { setMarkup } from './elements.ts';
import { type PageState, type Store, shownIndex, shownThought } from './store.ts';

const width = 360;

/** Costs of the decision's candidates, iteration by iteration: best, median, and how far they spread. */
export function createCostChart(element: HTMLElement, store: Store): void {
  store.subscribe((state) => {
    const iterations = shownThought(state)?.iterations ?? [];
    const height = 112;
    const [left, right, top, bottom] = [34, 62, 8, height - 20];
    const finite = iterations.flatMap(({ best, median }) => [best, median]).filter(Number.isFinite);
    if (finite.length === 0) {
      replace(
        element,
        height,
        'No search to show',
        text(width / 2, height / 2, 'Costs show once it has decided', 'middle'),
      );
      return;
    }
    // Medians set the scale: the worst of random plans are far off it.
    const high = Math.max(...finite) * 1.15 || 1;
    const low = Math.min(0, ...finite);
    const x = (i: number): number => left + ((width - left - right) * (i + 0.5)) / iterations.length;
    const y = (cost: number): number => bottom - ((bottom - top) * (Math.min(cost, high) - low)) / (high - low);
    const points = (key: 'best' | 'median' | 'worst') =>
      iterations.map((each, i) => `${fix(x(i))},${fix(y(each[key]))}`);
    const spread = [...points('best'), ...points('worst').reverse()].join(' ');
    const last = iterations.at(-1)!;
    const safe = Math.round(100 * last.safe);
    const every = Math.ceil(iterations.length / 8);
    const parts = [
      line(left, bottom, width - right, bottom, 'axis'),
      text(left - 6, y(low) + 3, format(low), 'end'),
      text(left - 6, y(high) + 8, format(high), 'end'),
      `<polygon class="spread" points="${spread}"/>`,
      `<polyline class="line second" points="${points('median').join(' ')}"/>`,
      `<polyline class="line" points="${points('best').join(' ')}"/>`,
      ...iterations.map(({ best }, i) => `<circle class="dot" r="3" cx="${fix(x(i))}" cy="${fix(y(best))}"/>`),
      ...iterations.map((_, i) => (i % every === 0 ? text(x(i), bottom + 14, String(i + 1), 'middle') : '')),
      text(width - right + 6, spaced(y(last.best), y(last.median), 1), 'best', 'start'),
      text(width - right + 6, spaced(y(last.median), y(last.best), -1), 'median', 'start'),
      text(width, top + 4, `${safe} % safe`, 'end'),
    ];
    const summary = `Best cost ${format(iterations[0]!.best)} in the first and ${format(last.best)} in the last of ${iterations.length} iterations; ${safe} % of the last break no rule`;
    replace(element, height, summary, parts.join(''));
  });
}

/** Distance left and surprise over the episode, with the steps in which rules were broken. */
export function createHistoryChart(element: HTMLElement, store: Store): void {
  store.subscribe((state) => {
    const { moments } = state;
    const index = shownIndex(state);
    const height = 150;
    const last = Math.max(20, moments.length - 1);
    const x = (i: number): number => 34 + ((width - 34 - 8) * i) / last;
    const rows = [
      { name: 'distance left', kind: 'distance', top: 18, bottom: 66, values: moments.map(({ distance }) => distance) },
      { name: 'surprise', kind: 'surprise', top: 92, bottom: 138, values: surprises(state) },
    ] as const;
    const parts = rows.map(({ name, kind, top, bottom, values }) => {
      const known = (values as readonly (number | null)[]).filter((value) => value !== null);
      const high = Math.max(kind === 'surprise' ? 0.05 : 0.1, ...known);
      const y = (value: number): number => bottom - ((bottom - top) * value) / high;
      const points = values.flatMap((value, i) => (value === null ? [] : [`${fix(x(i))},${fix(y(value))}`]));
      const here = values[index];
      const mark =
        here === undefined || here === null
          ? ''
          : `<circle class="dot" r="3" cx="${fix(x(index))}" cy="${fix(y(here))}"/>`;
      return [
        text(34, top - 6, name, 'start'),
        text(28, top + 4, format(high), 'end'),
        line(34, bottom, width - 8, bottom, 'axis'),
        `<polyline class="line ${kind}" points="${points.join(' ')}"/>`,
        mark,
      ].join('');
    });
    const broken = moments.map(({ violations }, i) =>
      violations.length === 0 ? '' : `<rect class="broken" x="${fix(x(i) - 1.5)}" y="70" width="3" height="7" rx="1"/>`,
    );
    const now = line(x(index), 12, x(index), 138, 'now');
    const distance = moments[index]?.distance;
    const summary = `Distance left ${distance === undefined ? 'unknown' : format(distance)} table widths at step ${index}`;
    replace(element, height, summary, [...parts, ...broken, now].join(''));
  });
}

/** A decision's surprise is of the moment in which it was made. */
function surprises({ moments }: PageState): (number | null)[] {
  return moments.map(({ thought }) => thought?.surprise ?? null);
}

function replace(element: HTMLElement, height: number, label: string, content: string): void {
  setMarkup(
    element,
    `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>`,
  );
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line class="${kind}" x1="${fix(x1)}" y1="${fix(y1)}" x2="${fix(x2)}" y2="${fix(y2)}"/>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${fix(x)}" y="${fix(y)}" text-anchor="${anchor}">${content}</text>`;
}

/** Keeps two labels apart that stand at about the same height. */
function spaced(y: number, other: number, direction: 1 | -1): number {
  const apart = Math.abs(y - other);
  return y + 3.5 + (apart < 12 ? (direction * (12 - apart)) / 2 : 0);
}

function format(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return value.toFixed(size >= 10 ? 0 : size >= 1 ? 1 : 2);
}

function fix(value: number): string {
  return String(Math.round(value * 10) / 10);
}
