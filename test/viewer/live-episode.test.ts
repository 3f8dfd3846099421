import { taskById } from '../../src/env/registry.ts';
import { initialSettings } from '../../viewer/initial-settings.ts';
import type { Activity, Report } from '../../viewer/protocol.ts';
import type { Brain } from '../../viewer/worker/brain.ts';
import { createLiveEpisode } from '../../viewer/worker/live-episode.ts';

/** Steps a second, so few that what comes between two of them comes there on a slow machine, too. */
const pace = 2;

/** Wants the same at every step, and thinks until it is let go on. */
function slowBrain() {
  let finish: (() => void) | null = null;
  let asked = 0;
  const brain: Brain = {
    begin: async () => {},
    async think() {
      asked += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      const view = {
        ...{ seen: [], plan: [], fan: null, iterations: [], cost: 0, violation: 0, fallback: null },
        ...{ unable: false, surprise: null, milliseconds: null },
      };
      return { action: Float32Array.of(0.5, 0), imagined: null, view };
    },
    dispose: async () => {},
  };
  return {
    brain,
    get asked() {
      return asked;
    },
    finishThought: () => finish?.(),
  };
}

/** An episode, what it last said of itself, and a way to wait for more. */
function playLive(pace: number | null) {
  const thinker = slowBrain();
  let activity: Activity = 'loading';
  let step = 0;
  const failures: string[] = [];
  const report = (message: Report): void => {
    if (message.type === 'activity') activity = message.activity;
    if (message.type === 'moment') step = message.moment.step;
    if (message.type === 'failed') failures.push(message.message);
  };
  const episode = createLiveEpisode({
    ...{ task: taskById('reach'), seed: 1, recorded: null, frameSize: 32 },
    settings: { ...initialSettings, pace },
    brainFor: async () => thinker.brain,
    report,
  });
  const until = async (holds: () => boolean): Promise<void> => {
    for (let turns = 0; !holds(); turns++) {
      if (turns > 2000) throw new Error(`waited in vain: ${activity}, step ${step}, asked ${thinker.asked}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return {
    episode,
    /** Waits until it thinks for the nth time, and lets it. */
    async think(n: number): Promise<void> {
      await until(() => thinker.asked === n);
      thinker.finishThought();
    },
    until,
    /** By default long enough for one more thought to begin, were there any. */
    pass: (milliseconds = 30) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    failures,
    get activity() {
      return activity;
    },
    get step() {
      return step;
    },
    get asked() {
      return thinker.asked;
    },
  };
}

test('a step that is asked for between two paced steps is made', async () => {
  const live = playLive(pace);
  live.episode.play();
  await live.think(1);
  await live.until(() => live.step === 1);
  // Now it passes the time until the next step is due.
  live.episode.pause();
  live.episode.returnTo(0);
  expect([live.activity, live.step]).toEqual(['paused', 0]);
  live.episode.step();
  await live.think(2);
  await live.until(() => live.step === 1);
  await live.pass();
  expect([live.activity, live.asked, live.failures]).toEqual(['paused', 2, []]);
});

test('a step that is asked for while it thinks is the one that it thinks about', async () => {
  const live = playLive(null);
  live.episode.play();
  await live.think(1);
  await live.until(() => live.asked === 2);
  live.episode.step();
  await live.think(2);
  await live.until(() => live.step === 2);
  await live.pass();
  expect([live.activity, live.step, live.asked]).toEqual(['paused', 2, 2]);
});

test('a thought of what has been taken back is let go, and the step that is asked for is made anew', async () => {
  const live = playLive(null);
  live.episode.play();
  await live.think(1);
  await live.until(() => live.asked === 2);
  live.episode.returnTo(0);
  live.episode.step();
  await live.think(2);
  await live.think(3);
  await live.until(() => live.step === 1);
  await live.pass();
  expect([live.activity, live.step, live.asked]).toEqual(['paused', 1, 3]);
});

test('a pause takes a step back that has not begun', async () => {
  const live = playLive(pace);
  live.episode.play();
  await live.think(1);
  await live.until(() => live.step === 1);
  live.episode.step();
  live.episode.pause();
  await live.pass(1200 / pace);
  expect([live.activity, live.step, live.asked]).toEqual(['paused', 1, 1]);
});
