import { element, setText } from './elements.ts';
import { type PageState, type Store, shownIndex, shownMoment, shownThought } from './store.ts';

/** Numbers and words about what is shown. */
export function createReadouts(store: Store): void {
  const chip = element('chip');
  const failure = element('failure');
  failure.querySelector('button')!.addEventListener('click', () => store.set({ failure: null }));

  store.subscribe((state) => {
    const { episode, defaults, rate, failure: message } = state;
    const moment = shownMoment(state);
    const thought = shownThought(state);
    failure.hidden = message === null;
    setText(failure.querySelector('p')!, message ?? '');
    const { kind, words } = describeActivity(state);
    chip.dataset.kind = kind;
    setText(chip, words);
    if (episode !== null) {
      const source = episode.replay === null ? '' : ` Replay of ${episode.replay}.`;
      setText(element('description'), `${episode.task.description}${source}`);
    }
    if (defaults !== null) {
      setText(
        element('footnote'),
        `World model ${defaults.model}, ${defaults.hash.slice(0, 12)}. All of it runs in this page; nothing is sent anywhere.`,
      );
    }
    if (moment === undefined) return;
    setText(element('distance'), `${(100 * moment.distance).toFixed(0)} % of table`);
    const milliseconds = thought?.milliseconds ?? null;
    setText(element('decision-time'), milliseconds === null ? '–' : `${milliseconds.toFixed(0)} ms`);
    setText(element('rate'), rate === null ? '–' : rate.toFixed(1));
    const broken = state.moments.slice(0, shownIndex(state) + 1).filter(({ violations }) => violations.length > 0);
    const kinds = [...new Set(broken.flatMap(({ violations }) => violations))].join(', ');
    setText(
      element('broken'),
      broken.length === 0 ? 'never' : `${broken.length} ${broken.length === 1 ? 'step' : 'steps'}: ${kinds}`,
    );
    element('broken').style.color = broken.length === 0 ? '' : 'var(--bad)';
  });
}

interface Status {
  readonly kind: 'loading' | 'thinking' | 'good' | 'bad' | 'idle';
  readonly words: string;
}

const fallbacks: Readonly<Record<string, string>> = {
  brake: 'No safe plan found: it stands still',
  'shifted-plan': 'No safe plan found: it follows the last safe one',
  'least-violation': 'No safe plan found: it takes the way out',
};

function describeActivity(state: PageState): Status {
  const { activity, defaults } = state;
  const moment = shownMoment(state);
  const thought = shownThought(state);
  if (defaults === null) return { kind: 'loading', words: 'Loading the world model…' };
  if (moment === undefined) return { kind: 'loading', words: 'Setting the table…' };
  if (activity === 'preparing') return { kind: 'loading', words: 'Compiling the search…' };
  if (moment.violations.length > 0) return { kind: 'bad', words: `Broke a rule: ${moment.violations.join(', ')}` };
  if (state.lookedAt !== null && state.lookedAt < state.moments.length - 1)
    return { kind: 'idle', words: 'Looking back' };
  if (moment.holds) {
    const rest = activity === 'resting' ? ' Move the goal or an object to go on' : '';
    return { kind: 'good', words: `Done.${rest}` };
  }
  if (activity === 'ended') return { kind: 'bad', words: 'Out of steps, not done' };
  if (thought?.unable) return { kind: 'bad', words: 'It says that it cannot do this safely' };
  const fallback = thought?.fallback ?? null;
  if (fallback !== null) return { kind: 'bad', words: fallbacks[fallback] ?? `No safe plan found: ${fallback}` };
  if (activity === 'playing') return { kind: 'thinking', words: 'Planning' };
  return { kind: 'idle', words: 'Paused' };
}
