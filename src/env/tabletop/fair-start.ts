import { handRadius } from '../../core/moving-hand.ts';
import type { GuardrailSpec, TaskSpec } from '../../core/task.ts';
import { createGuardrailWatch } from '../guardrail-watch.ts';
import { judge, passedStages, remainingSuccess } from '../predicates.ts';
import { resolveTask } from '../resolve-task.ts';
import { handsAt } from './hands.ts';
import { distance } from './placement.ts';
import { type Pose, type SampledScene, shapeOf } from './scene.ts';
import { createPusherShape } from './shapes.ts';

/** Room to tell a hand from what is beside it, table widths. */
const gap = 0.02;

/** Why an episode may not start so, in words; null where it may: unsolved, and with no guardrail broken now or at the goal. */
export function unfairness(task: TaskSpec, { scene, pusher, poses }: SampledScene): string | null {
  const { success, guardrails } = resolveTask(task, scene);
  const names = ['pusher', ...scene.objects.map(({ name }) => name)];
  const start: Pose[] = [{ position: pusher, angle: 0 }, ...poses];
  const entries = <Value>(read: (pose: Pose) => Value) => Object.fromEntries(names.map((n, i) => [n, read(start[i]!)]));
  const truth = {
    positions: entries(({ position }) => position),
    angles: entries(({ angle }) => angle),
    targets: scene.targets,
  };
  if (judge(remainingSuccess(success, passedStages(success, truth, 0)), truth).holds)
    return 'the task was solved from the start';

  const reaches = [createPusherShape().reach, ...scene.objects.map((object) => shapeOf(object).reach)];
  for (const hand of handsAt(scene.hands, 0))
    for (const [i, { position }] of start.entries())
      if (distance(position, hand) < reaches[i]! + handRadius + gap)
        return `a hand was over '${names[i]}' from the start`;

  const outlines = [createPusherShape(), ...scene.objects.map(shapeOf)];
  const bodies = names.map((name, i) => ({ name, outline: outlines[i]! }));
  const hands = scene.hands.map(({ name }) => name);
  const breaks = (arrangement: readonly Pose[], rails: readonly GuardrailSpec[]): boolean => {
    const watch = createGuardrailWatch(rails, bodies, hands);
    const poses = arrangement.flatMap(({ position, angle }) => [...position, angle]);
    watch.look(poses, 3, handsAt(scene.hands, 0));
    return watch.take().violations.length > 0;
  };
  if (breaks(start, guardrails)) return 'a guardrail was broken from the start';
  // Where hands will be by then is another matter.
  const lasting = guardrails.filter(({ kind }) => kind !== 'moving-hand');
  let arrangement = start;
  for (const stage of [...(success.after ?? []), success.all]) {
    arrangement = arrangement.map((pose, i) => goalPose(stage, pose, names[i]!));
    if (breaks(arrangement, lasting)) return 'a guardrail was broken by what is at its goal';
  }
  return null;

  function goalPose(stage: typeof success.all, pose: Pose, name: string): Pose {
    let { position, angle } = pose;
    for (const predicate of stage) {
      const [of, to] = 'near' in predicate ? predicate.near : 'pose' in predicate ? predicate.pose : [null, null];
      if (of !== name) continue;
      position = (typeof to === 'string' ? scene.targets[to] : to) ?? position;
      if ('pose' in predicate) angle = predicate.angle;
    }
    return { position, angle };
  }
}
