import type { MomentView, Report } from '../protocol.ts';
import type { Store } from './store.ts';

/** The last seconds over which decisions are counted. */
const rateWindowMilliseconds = 2000;

/** Brings what the worker reports into the page's state. */
export function createReceiver(store: Store, onSaved: (name: string, text: string) => void): (report: Report) => void {
  let decidedAt: number[] = [];

  const rate = (): number | null => {
    const now = performance.now();
    decidedAt = [...decidedAt.filter((at) => now - at < rateWindowMilliseconds), now];
    const span = now - decidedAt[0]!;
    return decidedAt.length < 3 ? null : ((decidedAt.length - 1) * 1000) / span;
  };

  return (report) => {
    const { state } = store;
    switch (report.type) {
      case 'ready':
        store.set({ tasks: report.tasks, defaults: report.defaults });
        break;
      case 'opened':
        decidedAt = [];
        // A replay is shown from its beginning, an episode as it comes.
        store.set({
          ...{ episode: report.episode, moments: [], rate: null, failure: null },
          lookedAt: report.episode.replay === null ? null : 0,
        });
        break;
      case 'moment':
        store.set({ moments: withMoment(state.moments, report.moment) });
        break;
      case 'thought': {
        const { step, thought } = report;
        const moments = state.moments.map((moment) => (moment.step === step ? { ...moment, thought } : moment));
        store.set({ moments, rate: rate() });
        break;
      }
      case 'activity':
        if (report.activity !== 'playing') decidedAt = [];
        store.set({ activity: report.activity });
        break;
      case 'saved':
        onSaved(report.name, report.text);
        break;
      case 'failed':
        store.set({ failure: report.message });
        break;
    }
  };
}

/** Those before it, and it. */
function withMoment(moments: readonly MomentView[], moment: MomentView): readonly MomentView[] {
  const index = moments.findIndex(({ step }) => step >= moment.step);
  return [...(index < 0 ? moments : moments.slice(0, index)), moment];
}
