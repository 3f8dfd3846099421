import type { Settings } from './protocol.ts';

/** What the page starts with: the model's own planner, as its published scores were measured, at the table's own pace. */
export const initialSettings: Settings = {
  planner: null,
  horizon: null,
  evaluations: null,
  guardrails: true,
  openEnded: true,
  device: 'native',
  pace: 10,
};
