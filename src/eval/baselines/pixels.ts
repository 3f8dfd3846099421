import { type AgentWithModelOptions, createAgentWithModel } from '../../agent/create-agent-with-model.ts';
import type { EpisodeStart, Policy } from '../../core/contracts.ts';
import { RunError } from '../../core/errors.ts';
import type { TermSpec } from '../../core/task.ts';
import type { StoredModel } from '../../world-model/decode-model.ts';

export interface PixelsOptions extends AgentWithModelOptions {
  /** A generative one. */
  readonly model: StoredModel;
  /** Which imagined pictures are compared: that of the last step, or those of all. @defaultValue 'last' */
  readonly steps?: 'ramp' | 'last';
}

/**
 * Plans by pixels: the agent's own loop, planner and number of candidates on a generative world model, its objective
 * being that imagined pictures be the goal's, pixel by pixel. The episode's own objective and its stages are not heeded;
 * guardrails are, by what the model's probe says.
 *
 * @throws RunError for a model that never draws
 */
export async function createPixelsPolicy({ model, steps = 'last', ...options }: PixelsOptions): Promise<Policy> {
  if (model.config.decoder === undefined) {
    throw new RunError(`the model in '${model.directory}' draws nothing: 'pixels' plans on generative ones`);
  }
  const agent = await createAgentWithModel(model, options);
  const objective: readonly TermSpec[] = [{ term: 'goal-image', by: 'pixels', steps }];
  return {
    ...agent,
    name: 'pixels',
    begin: (episodes: readonly EpisodeStart[]) =>
      agent.begin(
        episodes.map(({ instruction: { stages: _, ...instruction }, ...episode }) => ({
          ...episode,
          instruction: { ...instruction, objective },
        })),
      ),
  };
}
