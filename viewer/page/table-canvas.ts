import type { Point } from '../../src/core/task.ts';
import type { EpisodeView, MomentView } from '../protocol.ts';
import { type Colours, readColours } from './colours.ts';
import { paintSearch } from './paint-search.ts';
import {
  type Easel,
  paintBodies,
  paintDraft,
  paintGoals,
  paintHands,
  paintSurface,
  paintTrails,
  paintZones,
} from './paint-table.ts';
import { type PageState, type Store, shownIndex, shownMoment, shownThought } from './store.ts';
import { createChangeCheck } from './when-changed.ts';

/** Things glide to where a new moment has them within so long at most. */
const longestGlideMilliseconds = 110;
/** A little less than two frames of a usual screen. */
const leastFrameMilliseconds = 30;

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
  /** All that lies under the things and stays as it is while they glide: painted once a change, not once a frame. */
  const ground = document.createElement('canvas').getContext('2d')!;
  const groundChanged = createChangeCheck();
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
  let paintedAt = Number.NEGATIVE_INFINITY;

  const poses = (now: number): readonly number[] => {
    const share = glideMilliseconds === 0 ? 1 : Math.min(1, (now - glideStart) / glideMilliseconds);
    const between = to.map((value, i) => {
      const start = from[i] ?? value;
      return start + share * (i % 3 === 2 ? turnBetween(start, value) : value - start);
    });
    if (held !== null) between.splice(3 * held.entity, 2, ...held.at);
    return between;
  };

  const easelOn = (on: CanvasRenderingContext2D): Easel => {
    const side = canvas.width;
    on.setTransform(side, 0, 0, side, 0, 0);
    return { context: on, colours, pixel: devicePixelRatio / side };
  };

  const paintGround = (episode: EpisodeView, moment: MomentView): void => {
    const { state } = store;
    const thought = shownThought(state);
    const { guardrails } = state.settings;
    if (!groundChanged(episode, moment, shownIndex(state), thought, guardrails, colours, canvas.width)) return;
    ground.canvas.width = canvas.width;
    ground.canvas.height = canvas.height;
    const easel = easelOn(ground);
    paintSurface(easel);
    paintGoals(easel, episode, moment);
    paintZones(
      easel,
      moment.zones.map(({ region }) => region),
      guardrails,
    );
    paintTrails(easel, episode, state.moments.slice(0, shownIndex(state) + 1));
    if (thought !== null) paintSearch(easel, episode, thought);
  };

  const paint = (): void => {
    scheduled = false;
    const { episode } = store.state;
    const moment = shownMoment(store.state);
    if (episode === null || moment === undefined) return;
    const now = performance.now();
    paintGround(episode, moment);
    context.resetTransform();
    context.drawImage(ground.canvas, 0, 0);
    const easel = easelOn(context);
    const glided = poses(now);
    paintBodies(easel, episode, glided);
    paintHands(easel, moment.hands, handsIn(glided, moment.hands.length));
    if (draft !== null) paintDraft(easel, draft.centre, draft.radius);
    paintedAt = now;
    if (now < glideStart + glideMilliseconds) schedule();
  };
  /** Some thirty times a second: more would be drawn at the cost of the agent, which thinks beside it. */
  const paintInTime = (now: number): void => {
    if (now - paintedAt < leastFrameMilliseconds) requestAnimationFrame(paintInTime);
    else paint();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(paintInTime);
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
