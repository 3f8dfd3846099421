import type { Film } from '../../env/side-view/quadruplet.ts';
import { picture } from '../../env/side-view/side-view.ts';
import { createTabletop } from '../../env/tabletop/environment.ts';
import { pushToGoal } from '../../env/tasks/push-to-goal.ts';
import { drawStrips, type StripFilm, stripSide } from './draw-strips.ts';
import type { JudgedPushQuadruplet } from './judge-pushes.ts';
import { type JudgedQuadruplet, modelName } from './judge-quadruplets.ts';
import { surpriseOf } from './physics-report.ts';

/** A side-view quadruplet for people: of each context the possible and the impossible film. WebP. */
export function drawFilmStrip({ scenario, fork, pairs }: JudgedQuadruplet): Promise<Buffer> {
  const strip = (film: Film, curve: readonly number[]): StripFilm => ({
    ...captioned(film, curve),
    frames: film.snapshots.map((snapshot) => picture(snapshot, stripSide)),
  });
  return drawStrips({
    title: `${scenario.property}, ${scenario.visibility}`,
    fork,
    pairs: pairs.map(({ films, curves }) => [
      strip(films[0], curves[modelName]![0]),
      strip(films[1], curves[modelName]![1]),
    ]),
  });
}

/** The same of a quadruplet of pushes, seen from above. */
export function drawPushStrip({ fork, pairs }: JudgedPushQuadruplet): Promise<Buffer> {
  const table = createTabletop({ task: pushToGoal, frameSize: stripSide });
  const strip = ({ film, curves }: JudgedPushQuadruplet['pairs'][0][0]): StripFilm => ({
    ...captioned(film, curves[modelName]!.all),
    frames: film.states.map((state) => {
      table.setState(state);
      return table.observe().frame.data;
    }),
  });
  return drawStrips({
    title: 'did my push cause this? A pushes, B passes by',
    fork,
    pairs: pairs.map(([possible, impossible]) => [strip(possible), strip(impossible)]),
  });
}

function captioned(
  { context, outcome, possible }: Pick<Film, 'context' | 'outcome' | 'possible'>,
  curve: readonly number[],
): Omit<StripFilm, 'frames'> {
  const words = `${context.toUpperCase()}${outcome} ${possible ? 'possible' : 'impossible'} · surprise ${surpriseOf(curve).toPrecision(3)}`;
  return { words, possible, curve };
}
