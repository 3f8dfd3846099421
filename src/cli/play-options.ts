import { criticUses } from '../agent/with-critic.ts';
import { plannerNames } from '../planner/create-planner.ts';
import type { Options } from './command.ts';
import {
  deviceOption,
  oneOf,
  optionalOneOf,
  optionalText,
  optionalWholeNumber,
  seedOption,
  threadsOption,
  wholeNumber,
} from './options.ts';

/** What decides how an agent plays: the same for `run` and `bench`. */
export const playOptions = {
  planner: optionalOneOf('How the agent searches; without it as its model says', plannerNames),
  horizon: optionalWholeNumber('Predictor steps that the agent plans ahead; without it as its model says', 1),
  critic: optionalOneOf("Ask the model's critic too, of plans' ends or all along; without it nobody asks", criticUses),
  model: optionalText("The agent's model; without it the shipped one of the task's world", 'DIR'),
  guardrails: oneOf({
    describe: 'Whether the agent plans around guardrails; off is for measuring only',
    choices: ['on', 'off'],
    fallback: 'on',
  }),
  memory: optionalText('Recall what earlier calls remembered in this folder, and remember there', 'DIR'),
  seed: seedOption,
  batch: wholeNumber({ describe: 'Episodes played in lockstep; changes no result', minimum: 1, fallback: 16 }),
  device: deviceOption,
  threads: threadsOption,
} satisfies Options;
