import type { EpisodeInfo, Imagined } from '../../src/core/contracts.ts';
import { describeError } from '../../src/core/errors.ts';
import { deriveSeed } from '../../src/core/rng.ts';
import type { Point, TaskSpec } from '../../src/core/task.ts';
import type { Replay } from '../../src/eval/replay/replay-file.ts';
import type { Activity, MomentView, Report, Settings } from '../protocol.ts';
import type { Brain } from './brain.ts';
import type { Edited } from './edit-table.ts';
import { passTime } from './pass-time.ts';
import { thoughtOf } from './recorded-thought.ts';
import { createTable, type Rules, type Table, taskUnder } from './table.ts';
import { viewEpisode, viewMoment } from './view-moment.ts';
import { driveHand, reachIn, stateWithHand, withdraw } from './visitors-hand.ts';

export interface LiveEpisodeOptions {
  readonly task: TaskSpec;
  readonly seed: number;
  /** Where the file came from and what it holds; null: an episode that starts now. */
  readonly recorded: { readonly source: string; readonly replay: Replay } | null;
  readonly settings: Settings;
  /** Pixels a side of what the agent sees. */
  readonly frameSize: number;
  /** Asked for whenever settings have changed; whoever hands it out disposes of it. */
  readonly brainFor: (settings: Settings) => Promise<Brain>;
  readonly report: (report: Report) => void;
}

/** One moment with all that it takes to go on from it, or to record it. */
interface Entry {
  readonly state: Float64Array;
  readonly rules: Rules;
  readonly view: MomentView;
  readonly action: Float32Array | null;
  readonly imagined: Imagined | null;
}

/** An episode that is played as one watches, and that a person can interfere with at any time. */
export interface LiveEpisode {
  play(): void;
  pause(): void;
  step(): void;
  returnTo(step: number): void;
  /** Applies a person's edit to the present. */
  edit(change: (table: Table) => Edited | null): void;
  /** Where the visitor's hand goes; null: away. */
  reach(to: Point | null): void;
  configure(settings: Settings): void;
  record(): Replay;
  dispose(): Promise<void>;
}

/** With nothing left to do, so many steps are watched before the agent rests. */
const stepsUntilRest = 12;

export function createLiveEpisode(options: LiveEpisodeOptions): LiveEpisode {
  const { seed, recorded, frameSize, report } = options;
  let { settings } = options;
  let table = createTable(
    { task: options.task, drawnZones: [], reaching: false, openEnded: settings.openEnded },
    frameSize,
  );
  const start = table.tabletop.reset({ seed });
  const entries: Entry[] = [entryOf(start.info, [], null)];
  if (recorded !== null) restore(recorded.replay);
  let brain: Brain | null = null;
  /** What the brain was told is not what holds now. */
  let untold = true;
  let activity: Activity = 'paused';
  /** Changes when time is turned back: what is being thought then is of no use. */
  let generation = 0;
  let working: Promise<void> | null = null;
  /** A single step was asked for, and not made yet. */
  let stepWanted = false;
  let doneSince = 0;
  /** What goes on when all is prepared. */
  let resumes: Activity = 'paused';
  /** Where the visitor's hand is to go. */
  let reaching: Point | null = null;

  report({ type: 'opened', episode: viewEpisode(table, seed, recorded?.source ?? null) });
  for (const { view } of entries) report({ type: 'moment', moment: view });
  become('paused');

  function entryOf(info: EpisodeInfo, violations: readonly string[], thought: MomentView['thought']): Entry {
    const view = viewMoment(table, info, violations, thought);
    return { state: table.tabletop.getState(), rules: table.rules, view, action: null, imagined: null };
  }

  function restore({ initialState, steps }: Replay): void {
    entries.length = 0;
    let violations: readonly string[] = [];
    for (const [i, state] of [initialState, ...steps.map((step) => step.state)].entries()) {
      table.tabletop.setState(state);
      const step = steps[i];
      const entry = entryOf(table.tabletop.inspect(), violations, step === undefined ? null : thoughtOf(step));
      entries.push({ ...entry, action: step?.action ?? null, imagined: step?.imagined ?? null });
      violations = step?.violations ?? [];
    }
  }

  function become(next: Activity): void {
    activity = next;
    report({ type: 'activity', activity });
  }

  /** Lays the table anew: other rules or another state, or both. */
  function lay(rules: Rules, state: Float64Array): void {
    if (rules !== table.rules) table = createTable(rules, frameSize);
    table.tabletop.setState(state);
  }

  async function prepare(): Promise<Brain> {
    if ((brain === null || untold) && activity !== 'preparing') {
      resumes = activity;
      become('preparing');
    }
    const ready = brain ?? (await options.brainFor(settings));
    brain = ready;
    if (untold) {
      untold = false;
      const instruction = table.tabletop.instruct();
      const { steps } = table.read();
      const budgetSteps = Math.max(1, instruction.budgetSteps - steps);
      await ready.begin({ ...instruction, budgetSteps }, deriveSeed(seed, 'policy'));
    }
    return ready;
  }

  async function decideAndStep(): Promise<void> {
    const mine = generation;
    const mind = await prepare();
    if (mine !== generation || untold) return;
    if (reaching !== null) lay(table.rules, driveHand(table, reaching));
    const thought = await mind.think(table.tabletop.observe());
    // The first search compiles its graphs.
    if (activity === 'preparing') become(resumes);
    if (mine !== generation) return;
    const { action, imagined, view } = thought;
    const now = entries.length - 1;
    entries[now] = { ...entries[now]!, action, imagined, view: { ...entries[now]!.view, thought: view } };
    report({ type: 'thought', step: entries[now]!.view.step, thought: view });
    const { info, terminated, truncated } = table.tabletop.step(action);
    const entry = entryOf(info, info.violations, null);
    entries.push(entry);
    stepWanted = false;
    report({ type: 'moment', moment: entry.view });
    doneSince = entry.view.holds ? doneSince + 1 : 0;
    if (terminated || truncated) become('ended');
    else if (mayRest() && activity === 'playing') become('resting');
  }

  /** Steps for as long as somebody wants more. What is asked for meanwhile is heard between two steps. */
  async function work(): Promise<void> {
    try {
      while (isRunning() || stepWanted) {
        const started = performance.now();
        await decideAndStep();
        const { pace } = settings;
        await passTime(pace === null || !isRunning() ? 0 : started + 1000 / pace - performance.now());
      }
    } catch (error) {
      report({ type: 'failed', message: describeError(error) });
      untold = true;
      pause();
    } finally {
      working = null;
    }
  }

  /** Never while a hand is over the table. */
  function mayRest(): boolean {
    return settings.openEnded && doneSince >= stepsUntilRest && reaching === null;
  }

  function isRunning(): boolean {
    return activity === 'playing' || activity === 'preparing';
  }

  /** Whatever is being thought is thought to its end. */
  function pause(): void {
    stepWanted = false;
    become('paused');
  }

  function isOver(): boolean {
    return activity === 'ended';
  }

  const episode: LiveEpisode = {
    play() {
      if (isOver() || activity === 'playing') return;
      doneSince = 0;
      become('playing');
      working ??= work();
    },
    pause() {
      if (!isOver()) pause();
    },
    step() {
      if (isOver()) return;
      become('paused');
      stepWanted = true;
      working ??= work();
    },
    returnTo(step) {
      const index = entries.findIndex(({ view }) => view.step === step);
      if (index < 0) return;
      generation += 1;
      entries.length = index + 1;
      const { state, rules, view } = entries[index]!;
      lay({ ...rules, openEnded: settings.openEnded }, state);
      untold = true;
      report({ type: 'moment', moment: view });
      pause();
      // The hand is where it is now.
      if (rules.reaching !== (reaching !== null)) episode.reach(reaching);
    },
    edit(change) {
      const edited = change(table);
      if (edited === null) return;
      lay(edited.rules, edited.state);
      untold ||= edited.instructs;
      const { view } = entries.at(-1)!;
      const entry = entryOf(table.tabletop.inspect(), view.violations, null);
      entries[entries.length - 1] = entry;
      report({ type: 'moment', moment: entry.view });
      doneSince = 0;
      if (activity === 'resting') episode.play();
    },
    reach(to) {
      const isIn = table.rules.reaching;
      reaching = to;
      if (to === null) {
        if (isIn) episode.edit(withdraw);
      } else if (!isIn || activity === 'paused' || activity === 'ended') {
        episode.edit((now) => reachIn(now, to));
      }
    },
    configure(next) {
      const { openEnded } = settings;
      const renews = (['planner', 'horizon', 'evaluations', 'guardrails', 'device'] as const).some(
        (key) => next[key] !== settings[key],
      );
      settings = next;
      if (renews) {
        brain = null;
        untold = true;
      }
      if (next.openEnded !== openEnded) {
        lay({ ...table.rules, openEnded: next.openEnded }, table.tabletop.getState());
        untold = true;
        const { budgetSteps } = table.tabletop.task;
        if (isOver() && next.openEnded) become('paused');
        else if (table.read().steps >= budgetSteps) become('ended');
      }
    },
    record() {
      const { task, drawnZones } = table.rules;
      // Every state has the hand, or none: a replay is of one task.
      const reaching = entries.some(({ rules }) => rules.reaching);
      const stateOf = ({ state, rules }: Entry) => (reaching ? stateWithHand(state, rules) : state);
      const last = entries.at(-1)!;
      const steps = entries.slice(1).map((after, i) => {
        const { action, imagined, view } = entries[i]!;
        return {
          action: action ?? new Float32Array(2),
          imagined,
          unable: view.thought?.unable ?? false,
          state: stateOf(after),
          violations: after.view.violations,
          distance: after.view.distance,
        };
      });
      return {
        task: taskUnder({ task, drawnZones, reaching, openEnded: false }),
        ...{ seed, policy: 'agent', success: last.view.success || last.view.holds },
        ...{ initialState: stateOf(entries[0]!), steps },
      };
    },
    async dispose() {
      generation += 1;
      activity = 'paused';
      stepWanted = false;
      await working;
    },
  };
  return episode;
}
