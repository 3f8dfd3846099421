import type { Request } from '../protocol.ts';
import { element, setText } from './elements.ts';
import { type PageState, type Store, shownIndex } from './store.ts';

/** Frames a second at which a replay is shown. */
const replayRate = 10;

export interface Transport {
  toggle(): void;
}

/** Play, pause, step, restart, and back in time. */
export function createTransport(store: Store, send: (request: Request) => void, restart: () => void): Transport {
  const play = element<HTMLButtonElement>('play');
  const step = element<HTMLButtonElement>('step');
  const again = element<HTMLButtonElement>('restart');
  const scrub = element<HTMLInputElement>('scrub');
  const marks = element('marks');
  let film: number | null = null;

  /** Recorded moments run by; where they end, the agent takes over only if asked to. */
  const stopFilm = (): void => {
    if (film !== null) clearInterval(film);
    film = null;
  };
  const startFilm = (): void => {
    stopFilm();
    film = window.setInterval(() => {
      const { lookedAt, moments } = store.state;
      const next = (lookedAt ?? moments.length - 1) + 1;
      if (next >= moments.length) {
        stopFilm();
        store.set({ lookedAt: moments.length - 1 });
      } else store.set({ lookedAt: next });
    }, 1000 / replayRate);
    store.set({});
  };
  const isRunning = ({ activity }: PageState): boolean =>
    film !== null || activity === 'playing' || activity === 'preparing';
  const isPast = (state: PageState): boolean => state.lookedAt !== null && state.lookedAt < state.moments.length - 1;

  /** Goes on from what is looked at: what came after is forgotten. */
  const resumeHere = (): void => {
    const { state } = store;
    const moment = state.moments[shownIndex(state)];
    if (isPast(state) && moment !== undefined) send({ type: 'return', step: moment.step });
    store.set({ lookedAt: null });
  };
  const toggle = (): void => {
    const { state } = store;
    if (isRunning(state)) {
      stopFilm();
      send({ type: 'pause' });
      store.set({});
    } else if (state.episode?.replay != null && isPast(state)) startFilm();
    else {
      resumeHere();
      send({ type: 'play' });
    }
  };
  play.addEventListener('click', toggle);
  step.addEventListener('click', () => {
    stopFilm();
    resumeHere();
    send({ type: 'step' });
  });
  again.addEventListener('click', () => {
    stopFilm();
    restart();
  });
  scrub.addEventListener('input', () => {
    stopFilm();
    if (store.state.activity !== 'ended') send({ type: 'pause' });
    store.set({ lookedAt: Number(scrub.value) });
  });
  document.addEventListener('keydown', (event) => {
    const typed = event.target instanceof HTMLElement && event.target.closest('input, select, button, textarea');
    if (event.key !== ' ' || typed) return;
    event.preventDefault();
    toggle();
  });

  let shown: PageState['episode'] = null;
  store.subscribe((state) => {
    const { moments, episode, activity } = state;
    if (episode !== shown) stopFilm();
    shown = episode;
    const index = shownIndex(state);
    const none = moments.length === 0;
    const over = activity === 'ended' && !isPast(state);
    play.disabled = none || over;
    step.disabled = none || over;
    again.disabled = episode === null;
    scrub.disabled = moments.length < 2;
    scrub.max = String(Math.max(0, moments.length - 1));
    if (Number(scrub.value) !== index) scrub.value = String(Math.max(0, index));
    const film = episode?.replay != null && isPast(state);
    setText(play, isRunning(state) ? 'Pause' : film ? 'Show' : isPast(state) ? 'Go on here' : 'Play');
    const first = moments[0]?.step ?? 0;
    const budget = state.settings.openEnded ? '' : ` of ${episode?.budgetSteps ?? 0}`;
    setText(element('clock'), none ? '–' : `step ${first + index}${budget}`);
    scrub.setAttribute('aria-valuetext', `step ${first + index}`);
    const broken = moments.flatMap(({ violations }, i) => (violations.length > 0 ? [i] : []));
    const wanted = broken.map((i) => `${((100 * i) / Math.max(1, moments.length - 1)).toFixed(1)}%`);
    if (marks.childElementCount !== wanted.length) {
      marks.replaceChildren(...wanted.map(() => document.createElement('i')));
    }
    for (const [i, left] of wanted.entries()) (marks.children[i] as HTMLElement).style.left = left;
  });
  return { toggle };
}
