import { RunError } from '../../core/errors.ts';
import type { Point } from '../../core/task.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { approachCost, strongApproach } from '../approach.ts';
import { boundResidual, customTerm } from '../custom-term.ts';
import { headingOf } from '../heading.ts';
import { resolvePoint } from '../resolve-point.ts';
import { reduceSteps } from '../step-weights.ts';
import { positionOf, type Seen, slotOf, type TermFactory, type TermView } from '../term.ts';

/** A registered custom term: its residual, bounded, reduced over the steps; of an object, plus its approach. */
export const createCustomTerm: TermFactory<'custom'> = (spec, shape) => {
  const { use, with: values = {}, steps = 'ramp' } = spec;
  const term = customTerm(use);
  const parameters = Object.entries(term.parameters);
  const slots = Object.fromEntries(
    parameters.flatMap(([name, kind]) => (kind === 'entity' ? [[name, slotOf(String(values[name]), shape)]] : [])),
  );
  const sizes = { place: 2, number: 1 } as const;
  const inputs = Object.fromEntries(
    parameters.flatMap(([name, kind]) => (kind === 'entity' ? [] : [[name, [sizes[kind]]]])),
  );
  const subjectSlot = term.about === undefined ? null : slots[term.about.entity]!;

  const imagined = ({ rollout, inputs }: TermView, name: string, kind: string) => {
    if (kind === 'number') return tf.reshape(inputs[name]!, [-1, 1, 1]);
    if (kind === 'place') return tf.reshape(inputs[name]!, [-1, 1, 1, 2]);
    const slot = slots[name]!;
    const heading = rollout.headings === null ? null : headingOf(rollout, slot);
    return { position: positionOf(rollout, slot), heading };
  };
  const residualOf = (view: TermView): Tensor => {
    const given = Object.fromEntries(parameters.map(([name, kind]) => [name, imagined(view, name, kind)]));
    const { actions, latents } = view.rollout;
    const residual = term.residual(given as never, { tf, actions });
    const wanted = latents.shape.slice(0, 3);
    if (String(residual?.shape) !== String(wanted))
      throw new RunError(
        `the custom term '${use}' must return one residual for each imagined step, [${wanted}], got [${residual?.shape}]`,
      );
    return boundResidual(residual);
  };

  return {
    structure: `custom ${use} ${JSON.stringify(slots)} ${steps}`,
    inputs,
    subject:
      subjectSlot === null
        ? null
        : {
            slot: subjectSlot,
            residualAt: (_seen, { targets }, all) => {
              const present = (name: string, kind: string): Seen | Point | number => {
                if (kind === 'number') return Number(values[name]);
                return kind === 'place' ? resolvePoint(values[name] as string | Point, targets) : all[slots[name]!]!;
              };
              const given = Object.fromEntries(parameters.map(([name, kind]) => [name, present(name, kind)]));
              return term.about!.left(given as never);
            },
          },
    evaluate(view) {
      const residual = residualOf(view);
      const cost = reduceSteps(residual, view.steps, steps);
      return subjectSlot === null || subjectSlot === 0
        ? cost
        : tf.add(cost, approachCost(residual, subjectSlot, view, strongApproach));
    },
    bind: ({ instruction: { targets } }) =>
      Object.fromEntries(
        parameters.flatMap(([name, kind]) => {
          if (kind === 'entity') return [];
          const value = values[name];
          if (kind === 'number') return [[name, Float32Array.of(Number(value))]];
          return [[name, Float32Array.from(resolvePoint(value as string | Point, targets))]];
        }),
      ),
  };
};
