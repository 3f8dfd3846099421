/** What replays can be written as, by the end of their names. */
export const replayFormats = ['webp', 'gif', 'mp4'] as const;
export type ReplayFormat = (typeof replayFormats)[number];
