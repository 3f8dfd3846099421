import type { Environment, Instruction } from '../../core/contracts.ts';
import { isPictured, type Predicate, type SuccessSpec, type TermSpec } from '../../core/task.ts';
import { decodeState as decodePushTState, targetNamesOf } from '../../env/push-t/state.ts';
import { resolveTask } from '../../env/resolve-task.ts';
import { decodeState } from '../../env/tabletop/state.ts';

/**
 * The objective as quantities: latents mean nothing to the simulator, so a goal picture gives way to what success is
 * judged by.
 *
 * @param environment in the instruction's episode
 */
export function physicalObjective({ objective }: Instruction, environment: Environment): readonly TermSpec[] {
  if (!objective.some(isPictured)) return objective;
  const { all } = toldSuccess(environment);
  return objective.flatMap((term): TermSpec[] => {
    if (!isPictured(term)) return [term];
    const { weight, steps } = term;
    const common = { ...(weight === undefined ? {} : { weight }), ...(steps === undefined ? {} : { steps }) };
    return all.map((predicate): TermSpec => ({ ...termFor(predicate), ...common }));
  });
}

function termFor(predicate: Predicate): TermSpec {
  if ('near' in predicate) return { term: 'distance', of: predicate.near[0], to: predicate.near[1] };
  if ('inside' in predicate) return { term: 'inside', object: predicate.inside[0], region: predicate.inside[1] };
  const { turns } = predicate;
  if ('pose' in predicate) {
    const [of, to] = predicate.pose;
    return { term: 'pose', of, to, angle: predicate.angle, turns };
  }
  return { term: 'angle', of: predicate.angle[0], to: predicate.angle[1], turns };
}

/** Success with the episode's numbers in place of names. */
function toldSuccess(environment: Environment): SuccessSpec {
  const { task } = environment;
  if (task.world === 'two-rooms') return resolveTask(task, { targets: environment.inspect().truth.targets }).success;
  const state = environment.getState();
  if (task.world === 'push-t') {
    const episode = decodePushTState(state, targetNamesOf(task));
    return resolveTask(task, { ...episode, objects: task.scene.objects.map(({ name }) => ({ name, shape: 't' })) })
      .success;
  }
  return resolveTask(task, decodeState(state, task).scene).success;
}
