import type { Point, Region } from '../../src/core/task.ts';
import type { EpisodeView, Grip, MomentView, Request } from '../protocol.ts';
import { reachOf } from './paint-table.ts';
import { type PageState, type Store, shownMoment } from './store.ts';
import type { TableCanvas } from './table-canvas.ts';

/** Something to take hold of: a button over the canvas, for fingers, mice and keyboards. */
interface Handle {
  readonly grip: Grip;
  readonly label: string;
  readonly at: Point;
  /** In table widths. */
  readonly radius: number;
  /** Index of the entity that is drawn where the hand is, before the simulator answers. */
  readonly entity: number | null;
  /** What a zone is called by number. */
  readonly zone: number | null;
}

export interface HandlesOptions {
  readonly stage: HTMLElement;
  readonly container: HTMLElement;
  readonly store: Store;
  readonly table: TableCanvas;
  readonly send: (request: Request) => void;
  readonly announce: (text: string) => void;
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const smallStep = 0.01;
const largeStep = 0.05;
const zoneStep = 0.01;
/** Within so long the simulator has answered. */
const answerMilliseconds = 700;

/** Buttons over the things on the table: drag them, move them by arrow keys, poke them, resize and remove zones. */
export function createHandles({ stage, container, store, table, send, announce }: HandlesOptions): void {
  const buttons = new Map<string, HTMLButtonElement>();
  const handles = new Map<string, Handle>();
  let dragging: string | null = null;
  /** Where a key has sent something: keys come faster than the simulator answers. */
  let sent: { readonly key: string; readonly at: Point; readonly time: number } | null = null;

  const pointOf = (event: PointerEvent | MouseEvent): Point => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  };
  const isSent = (key: string): boolean =>
    sent !== null && sent.key === key && performance.now() - sent.time < answerMilliseconds;
  const move = ({ grip, entity, label }: Handle, to: Point): void => {
    const at: Point = [clamp(to[0]), clamp(to[1])];
    if (grip.kind === 'hand') {
      send({ type: 'reach', to: at });
      return;
    }
    if (entity !== null) table.setHeld(entity, at);
    send({ type: 'move', grip, to: at });
    announce(`${label} at ${percent(at[0])} across, ${percent(at[1])} down`);
  };
  const poke = ({ grip, label }: Handle, from: Point): void => {
    send({ type: 'poke', object: grip.name, from });
    announce(`${label} poked`);
  };

  const onKey = (key: string, event: KeyboardEvent): void => {
    const handle = handles.get(key)!;
    const arrow = arrows[event.key];
    const { at, grip, zone } = handle;
    if (arrow !== undefined) {
      event.preventDefault();
      if (store.state.tool === 'poke' && grip.kind === 'object') {
        poke(handle, [at[0] - 0.02 * arrow[0], at[1] - 0.02 * arrow[1]]);
        return;
      }
      const length = event.shiftKey ? largeStep : smallStep;
      const [x, y] = isSent(key) ? sent!.at : at;
      const to: Point = [clamp(x + length * arrow[0]), clamp(y + length * arrow[1])];
      sent = { key, at: to, time: performance.now() };
      move(handle, to);
      table.setHeld(null, to);
      place(buttons.get(key)!, to, handle.radius);
    } else if (zone !== null && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventDefault();
      send({ type: 'remove-zone', zone });
      announce('Zone removed');
    } else if (zone !== null && /^[+=-]$/.test(event.key)) {
      event.preventDefault();
      send({ type: 'resize-zone', zone, by: event.key === '-' ? -zoneStep : zoneStep });
    }
  };

  const createButton = (key: string): HTMLButtonElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.addEventListener('keydown', (event) => onKey(key, event));
    button.addEventListener('pointerdown', (event) => {
      const handle = handles.get(key)!;
      if (event.button !== 0) return;
      if (store.state.tool === 'poke' && handle.grip.kind === 'object') {
        poke(handle, pointOf(event));
        return;
      }
      dragging = key;
      button.dataset.held = '';
      button.setPointerCapture(event.pointerId);
      const [x, y] = pointOf(event);
      const offset: Point = [handle.at[0] - x, handle.at[1] - y];
      const onMove = (moved: PointerEvent): void => {
        const [toX, toY] = pointOf(moved);
        const to: Point = [toX + offset[0], toY + offset[1]];
        place(button, to, handle.radius);
        move(handles.get(key) ?? handle, to);
      };
      const onUp = (): void => {
        button.removeEventListener('pointermove', onMove);
        delete button.dataset.held;
        dragging = null;
        table.setHeld(null, handle.at);
        render(store.state);
      };
      button.addEventListener('pointermove', onMove);
      button.addEventListener('pointerup', onUp, { once: true });
      button.addEventListener('pointercancel', onUp, { once: true });
    });
    container.append(button);
    buttons.set(key, button);
    return button;
  };

  const render = (state: PageState): void => {
    const moment = shownMoment(state);
    const present = state.episode === null || moment === undefined ? [] : listHandles(state.episode, moment);
    // What is past can be looked at only.
    const open = state.lookedAt === null || state.lookedAt === state.moments.length - 1;
    handles.clear();
    for (const handle of present) {
      const key = `${handle.grip.kind}:${handle.grip.name}`;
      handles.set(key, handle);
      const button = buttons.get(key) ?? createButton(key);
      button.dataset.kind = handle.grip.kind;
      button.disabled = !open;
      const help =
        handle.zone === null ? 'arrow keys move it' : 'arrow keys move it, plus and minus resize, Delete removes';
      button.setAttribute('aria-label', `${handle.label}; ${help}`);
      if (key !== dragging && !isSent(key)) place(button, handle.at, handle.radius);
    }
    for (const [key, button] of buttons) {
      if (handles.has(key)) continue;
      button.remove();
      buttons.delete(key);
    }
  };
  store.subscribe(render);
}

function listHandles({ entities }: EpisodeView, { poses, goals, regions, zones, hands }: MomentView): Handle[] {
  const drawn = zones.filter((zone) => zone.drawn);
  // Later ones lie on top: large things first, so that what is in them can be reached.
  return [
    ...drawn.map(({ region }, i) => regionHandle({ kind: 'zone', name: String(i) }, `Zone ${i + 1}`, region, i)),
    ...regions.map((region, i) =>
      regionHandle(
        { kind: 'region', name: String(i) },
        `Goal region ${regions.length > 1 ? i + 1 : ''}`.trim(),
        region,
        null,
      ),
    ),
    ...goals.map(({ target, entity, at, within }, i): Handle => {
      const grip: Grip = target === null ? { kind: 'goal', name: String(i) } : { kind: 'target', name: target };
      const label = `Goal of the ${entities[entity]?.name ?? 'object'}`;
      return { grip, label, at, radius: Math.max(within, 0.04), entity: null, zone: null };
    }),
    ...entities
      .map((entity, n): Handle => {
        const grip: Grip = n === 0 ? { kind: 'pusher', name: entity.name } : { kind: 'object', name: entity.name };
        const at: Point = [poses[3 * n]!, poses[3 * n + 1]!];
        const label = n === 0 ? 'The pusher' : `${entity.name}, a ${entity.shape}`;
        return { grip, label, at, radius: Math.max(reachOf(entity), 0.035), entity: n, zone: null };
      })
      .reverse(),
    ...hands.flatMap(({ name, at, radius, own }): Handle[] =>
      own ? [{ grip: { kind: 'hand', name }, label: 'Your hand', at, radius, entity: null, zone: null }] : [],
    ),
  ];
}

function regionHandle(grip: Grip, label: string, region: Region, zone: number | null): Handle {
  if ('radius' in region) return { grip, label, at: region.centre, radius: region.radius, entity: null, zone };
  const [[left, right], [top, bottom]] = [region.x, region.y];
  const radius = Math.min(right - left, bottom - top) / 2;
  return { grip, label, at: [(left + right) / 2, (top + bottom) / 2], radius, entity: null, zone };
}

function place(button: HTMLElement, [x, y]: Point, radius: number): void {
  button.style.left = `${100 * x}%`;
  button.style.top = `${100 * y}%`;
  button.style.width = `${200 * radius}%`;
  button.style.height = `${200 * radius}%`;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
