import type { Point } from '../../src/core/task.ts';
import type { MomentView } from '../protocol.ts';
import { type Colours, readColours } from './colours.ts';
import { paintSearch } from './paint-search.ts';
import {
  paintBodies,
  paintDraft,
  paintGoals,
  paintHands,
  paintSurface,
  paintTrails,
  paintZones,
} from './paint-table.ts';
import { type PageState, type Store, shownIndex, shownMoment, shownThought } from './store.ts';

/** Things glide to where a new moment has them within so long at most. */
const longestGlideMilliseconds = 110;

export interface TableCanvas {
  /** Shows a zone that is being drawn; null: none. */
  setDraft(draft: { readonly centre: Point; readonly radius: number } | null): void;
  /** Shows a thing where a hand holds it, ahead of what the simulator says. */
  setHeld(entity: number | null, at: Point): void;
  /** Paints anew with the colours that hold now. */
  recolour(): void;
}

export function createTableCanvas(canvas: HTMLCanvasElement, store: Store): TableCanvas {
  const context = canvas.getContext('2d')!;
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let colours: Colours = readColours();
  let draft: { readonly centre: Point; readonly radius: number } | null = null;
  let held: { readonly entity: number; readonly at: Point } | null = null;
  let from: readonly number[] = [];
  let to: readonly number[] = [];
  let target: MomentView | null = null;
  let glideStart = 0;
  let glideMilliseconds = 0;
  let scheduled = false;

  const poses = (now: number): readonly number[] => {
    const share = glideMilliseconds === 0 ? 1 : Math.min(1, (now - glideStart) / glideMilliseconds);
    const between = to.map((value, i) => {
      const start = from[i] ?? value;
      return start + share * (i % 3 === 2 ? turnBetween(start, value) : value - start);
    });
    if (held !== null) between.splice(3 * held.entity, 2, ...held.at);
    return between;
  };

  const paint = (): void => {
    scheduled = false;
    const { state } = store;
    const { episode } = state;
    const moment = shownMoment(state);
    if (episode === null || moment === undefined) return;
    const now = performance.now();
    const side = canvas.width;
    const easel = { context, colours, pixel: devicePixelRatio / side };
    context.setTransform(side, 0, 0, side, 0, 0);
    paintSurface(easel);
    paintGoals(easel, episode, moment);
    paintZones(
      easel,
      moment.zones.map(({ region }) => region),
      state.settings.guardrails,
    );
    paintTrails(easel, episode, state.moments.slice(0, shownIndex(state) + 1));
    const thought = shownThought(state);
    if (thought !== null) paintSearch(easel, episode, thought);
    const glided = poses(now);
    paintBodies(easel, episode, glided);
    paintHands(easel, moment.hands, handsIn(glided, moment.hands.length));
    if (draft !== null) paintDraft(easel, draft.centre, draft.radius);
    if (now < glideStart + glideMilliseconds) schedule();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(paint);
  };

  const follow = (state: PageState): void => {
    const moment = shownMoment(state);
    if (moment === undefined) return;
    if (moment.poses === target?.poses && moment.hands === target.hands) {
      schedule();
      return;
    }
    const now = performance.now();
    const next = posesOf(moment);
    const isNext = next.length === to.length && state.lookedAt === null && !still.matches;
    from = isNext ? poses(now) : next;
    to = next;
    target = moment;
    const { pace } = state.settings;
    glideStart = now;
    glideMilliseconds = isNext ? Math.min(longestGlideMilliseconds, pace === null ? 40 : 1000 / pace) : 0;
    schedule();
  };

  const resize = (): void => {
    const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    if (canvas.width === side) return;
    canvas.width = side;
    canvas.height = side;
    schedule();
  };
  new ResizeObserver(resize).observe(canvas);
  resize();
  store.subscribe(follow);

  return {
    setDraft(next) {
      draft = next;
      schedule();
    },
    setHeld(entity, at) {
      held = entity === null ? null : { entity, at };
      schedule();
    },
    recolour() {
      colours = readColours();
      schedule();
    },
  };
}

/** x, y, heading of all that moves: entities, then hands. */
function posesOf({ poses, hands }: MomentView): number[] {
  return [...poses, ...hands.flatMap(({ at }) => [...at, 0])];
}

function handsIn(poses: readonly number[], count: number): Point[] {
  const first = poses.length - 3 * count;
  return Array.from({ length: count }, (_, i) => [poses[first + 3 * i]!, poses[first + 3 * i + 1]!]);
}

/** The shorter way around. */
function turnBetween(from: number, to: number): number {
  const turn = (to - from) % (2 * Math.PI);
  if (turn > Math.PI) return turn - 2 * Math.PI;
  return turn < -Math.PI ? turn + 2 * Math.PI : turn;
}
