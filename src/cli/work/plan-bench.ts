import type { CriticUse } from '../../agent/with-critic.ts';
import type { TaskSpec } from '../../core/task.ts';
import type { DeviceName } from '../../engine/program.ts';
import type { BenchLine } from '../../eval/bench-line.ts';
import type { BenchPlan } from '../../eval/bench-plan.ts';
import { chooseEpisodes } from '../../eval/choose-episodes.ts';
import { codeVersion } from '../../eval/code-version.ts';
import type { RunSettings } from '../../eval/provenance.ts';
import type { PlannerName } from '../../planner/create-planner.ts';
import { createContestants, modelPolicies, type PolicyName, searchingPolicies } from '../create-contestants.ts';

export interface BenchSettings {
  readonly tasks: readonly TaskSpec[];
  readonly policies: readonly PolicyName[];
  readonly episodes: number;
  /** Undefined: the frozen episodes. */
  readonly seed: number | undefined;
  readonly planner: readonly PlannerName[] | undefined;
  readonly evaluations: number | undefined;
  readonly horizon?: number | undefined;
  readonly critic?: CriticUse['at'] | undefined;
  readonly model: readonly string[] | undefined;
  readonly guardrails: 'on' | 'off';
  readonly device: DeviceName;
  readonly threads: number;
}

export interface PlannedBench {
  readonly plan: BenchPlan;
  /** For the report. */
  readonly settings: RunSettings;
}

/**
 * Works out who plays what. Several planners, or several models, play the same episodes, a row each; who does not
 * search, or has no model, plays once.
 */
export async function planBench(settings: BenchSettings): Promise<PlannedBench> {
  const { tasks, policies, horizon = null, critic = null, guardrails, device, threads } = settings;
  const planners = settings.planner ?? [undefined];
  const models = settings.model ?? [undefined];
  const evaluations = settings.evaluations ?? (planners.length > 1 ? 'as-model' : undefined);
  const chosen = new Map(tasks.map((task) => [task.id, chooseEpisodes(task, settings.episodes, settings.seed)]));
  const lines: BenchLine[] = [];
  for (const [i, planner] of planners.entries()) {
    for (const [j, model] of models.entries()) {
      const contestants = createContestants({ planner, evaluations, model, guardrails, device, threads });
      for (const task of tasks) {
        const { seeds, manifest } = chosen.get(task.id)!;
        for (const policy of policies) {
          if (i > 0 && !searchingPolicies.includes(policy)) continue;
          if (j > 0 && !modelPolicies.includes(policy)) continue;
          lines.push({
            task,
            policy,
            planner: planner ?? null,
            evaluations: evaluations ?? null,
            horizon,
            critic,
            guardrails,
            model: await contestants.modelOf(policy, task),
            device,
            threads,
            manifest,
            seeds,
          });
        }
      }
    }
  }
  const used = lines.flatMap(({ model }) => (model === null ? [] : [[model.folder, model.hash] as const]));
  const manifests = [...chosen].flatMap(([id, { manifest }]) => (manifest === null ? [] : [[id, manifest] as const]));
  return {
    plan: { code: codeVersion(), lines },
    settings: {
      seed: manifests.length === chosen.size ? null : (settings.seed ?? 0),
      manifests: Object.fromEntries(manifests),
      device,
      threads,
      guardrails,
      ...(horizon === null ? {} : { horizon }),
      ...(critic === null ? {} : { critic }),
      models: Object.fromEntries(used),
    },
  };
}
