import type { EntityDescription } from '../../core/contracts.ts';

/** The ink of replays and film strips, as SVG colours. */
export const theme = {
  ink: '#1c2128',
  muted: '#79818c',
  rule: '#dcd9d2',
  good: '#1a7f4b',
  bad: '#c8321f',
  imagined: '#5b2bd6',
} as const;

/** What pictures are drawn on, as sRGB bytes. */
export const paperColour = [251, 250, 247] as const;

/** An entity's own colour, as an SVG colour. */
export function entityColour(entity: EntityDescription | undefined): string {
  if (entity === undefined) return theme.muted;
  return `rgb(${entity.colour.join(' ')})`;
}

/** The entity's colour, dark enough to be read as a line on the light table. */
export function lineColour(entity: EntityDescription | undefined): string {
  if (entity === undefined) return theme.muted;
  return `rgb(${entity.colour.map((channel) => Math.round(channel * 0.72)).join(' ')})`;
}

/** Numbers in SVG need no more than hundredths of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
