/** `play`: what world models are trained on; `random`: uniform actions; `expert`: the world's script at the task. */
export const collectingPolicies = ['play', 'random', 'expert'] as const;
export type CollectingPolicy = (typeof collectingPolicies)[number];
