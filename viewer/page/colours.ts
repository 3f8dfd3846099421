/** The page's colours as the canvas needs them, for the theme that holds now. */
export interface Colours {
  readonly surface: string;
  readonly grid: string;
  readonly ink: string;
  readonly muted: string;
  readonly panel: string;
  readonly imagined: string;
  readonly good: string;
  readonly bad: string;
  readonly pusher: string;
  readonly pusherRim: string;
  readonly hand: string;
}

/** Canvas knows no `light-dark()`: a probe element resolves each variable to a plain colour. */
export function readColours(): Colours {
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    surface: read('surface'),
    grid: read('grid'),
    ink: read('ink'),
    muted: read('muted'),
    panel: read('panel'),
    imagined: read('imagined'),
    good: read('good'),
    bad: read('bad'),
    pusher: read('pusher'),
    pusherRim: read('pusher-rim'),
    hand: read('hand'),
  };
  probe.remove();
  return colours;
}

export function rgb([r, g, b]: readonly [number, number, number], share = 1): string {
  return `rgb(${Math.round(r * share)} ${Math.round(g * share)} ${Math.round(b * share)})`;
}
