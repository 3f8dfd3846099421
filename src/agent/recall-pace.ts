/**
 * How often to ask memory in an episode, by what recalling has been worth in it: a recalled plan takes the place of
 * another candidate, which is a loss where memory is of no use, and the smaller the search, the greater.
 */
export interface RecallPace {
  /** Whether to recall for this decision. Asked once a decision. */
  due(): boolean;
  /** What came of the recall that was due. Not called where nothing was found: looking costs nothing. */
  note(useful: boolean): void;
}

/** Of no use: wait so many times as long from now on. Of use: half as long. */
const slowing = 4;
const quickening = 1 / 2;

/** Never wait for more decisions than this: the situation may have become a known one. */
const longest = 16;

export function createRecallPace(): RecallPace {
  /** Decisions from one recall to the next. */
  let pace = 1;
  let wait = 0;
  return {
    due() {
      if (wait === 0) return true;
      wait -= 1;
      return false;
    },
    note(useful) {
      pace = Math.min(longest, Math.max(1, pace * (useful ? quickening : slowing)));
      wait = pace - 1;
    },
  };
}
