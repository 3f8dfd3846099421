import type { Point } from '../../src/core/task.ts';
import type { Request } from '../protocol.ts';
import type { Store } from './store.ts';
import type { TableCanvas } from './table-canvas.ts';

const least = 0.03;
const most = 0.3;
/** What a zone that was only clicked, or asked for by keyboard, measures. */
const usual = 0.08;

export interface ZoneDrawingOptions {
  readonly stage: HTMLElement;
  readonly store: Store;
  readonly table: TableCanvas;
  readonly send: (request: Request) => void;
}

/** Draws keep-out zones on the table: from the centre outwards. */
export function createZoneDrawing({ stage, store, table, send }: ZoneDrawingOptions): void {
  const pointOf = (event: PointerEvent): Point => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  };
  stage.addEventListener('pointerdown', (event) => {
    if (store.state.tool !== 'zone' || event.button !== 0) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    const centre = pointOf(event);
    let radius = 0;
    const onMove = (moved: PointerEvent): void => {
      const [x, y] = pointOf(moved);
      radius = Math.min(most, Math.hypot(x - centre[0], y - centre[1]));
      table.setDraft({ centre, radius });
    };
    const onEnd = (ended: PointerEvent): void => {
      stage.removeEventListener('pointermove', onMove);
      stage.removeEventListener('pointerup', onEnd);
      stage.removeEventListener('pointercancel', onEnd);
      table.setDraft(null);
      if (ended.type === 'pointercancel') return;
      send({ type: 'add-zone', zone: { centre, radius: radius < 0.01 ? usual : Math.max(least, radius) } });
    };
    stage.addEventListener('pointermove', onMove);
    stage.addEventListener('pointerup', onEnd);
    stage.addEventListener('pointercancel', onEnd);
  });
}

/** A zone for those who draw without a pointer: in the middle, to be moved by arrow keys. */
export const middleZone = { centre: [0.5, 0.5], radius: usual } as const;
