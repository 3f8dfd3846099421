import type {
  Activity,
  EpisodeView,
  MomentView,
  PlannerDefaults,
  Settings,
  TaskView,
  ThoughtView,
} from '../protocol.ts';

export type Tool = 'move' | 'poke' | 'zone' | 'hand';

/** All that the page shows. */
export interface PageState {
  readonly tasks: readonly TaskView[];
  /** Null until the model is loaded. */
  readonly defaults: PlannerDefaults | null;
  readonly settings: Settings;
  readonly episode: EpisodeView | null;
  readonly moments: readonly MomentView[];
  /** Index of the moment that is looked at; null: the latest, whichever it is. */
  readonly lookedAt: number | null;
  readonly activity: Activity;
  /** Decisions a second, lately. */
  readonly rate: number | null;
  readonly tool: Tool;
  readonly failure: string | null;
}

export interface Store {
  readonly state: PageState;
  set(changes: Partial<PageState>): void;
  /** Called at most once a frame, after changes. */
  subscribe(render: (state: PageState) => void): void;
}

export function createStore(initial: PageState): Store {
  let state = initial;
  let scheduled = false;
  const renders: ((state: PageState) => void)[] = [];
  const renderAll = (): void => {
    scheduled = false;
    for (const render of renders) render(state);
  };
  return {
    get state() {
      return state;
    },
    set(changes) {
      state = { ...state, ...changes };
      if (scheduled) return;
      scheduled = true;
      requestAnimationFrame(renderAll);
    },
    subscribe(render) {
      renders.push(render);
      render(state);
    },
  };
}

export function shownIndex({ moments, lookedAt }: PageState): number {
  return lookedAt ?? moments.length - 1;
}

export function shownMoment(state: PageState): MomentView | undefined {
  return state.moments[shownIndex(state)];
}

/** What the agent thought here. While it is still thinking: what it thought last. */
export function shownThought(state: PageState): ThoughtView | null {
  return thoughtfulMoment(state)?.thought ?? null;
}

/** The moment that the shown thought is about; without one, the shown moment. */
export function thoughtfulMoment(state: PageState): MomentView | undefined {
  const index = shownIndex(state);
  const here = state.moments[index];
  if (here?.thought !== null || state.lookedAt !== null) return here;
  const before = state.moments[index - 1];
  return before?.thought == null ? here : before;
}
