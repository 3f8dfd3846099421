import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { packageRoot } from '../../core/package-root.ts';
import { propertyNames } from '../../env/side-view/quadruplet.ts';
import type { JudgedQuadruplet } from '../../eval/physics/judge-quadruplets.ts';
import type { PhysicsReport, PropertyResult } from '../../eval/physics/physics-report.ts';
import { defineCommand } from '../command.ts';
import { deviceOption, listOf, optionalText, seedOption, threadsOption, wholeNumber } from '../options.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const physicsCommand = defineCommand({
  options: {
    model: optionalText('The spectator; without it the shipped one', 'DIR'),
    properties: listOf({ describe: 'What to ask of it', choices: propertyNames, fallback: propertyNames }),
    quadruplets: wholeNumber({ describe: 'Quadruplets of films of each kind', minimum: 1, fallback: 200 }),
    untrained: wholeNumber({ describe: 'Models that never learned, to watch beside it', minimum: 0, fallback: 5 }),
    out: optionalText('Folder for the report as JSON, Markdown and a page with film strips', 'DIR'),
    seed: seedOption,
    device: deviceOption,
    threads: threadsOption,
  },
  async run({ model, properties, quadruplets, untrained, out, seed, device, threads }, terminal) {
    const directory = model ?? join(packageRoot(), 'models/side-view');
    const { loadSpectator } = await import('../../world-model/spectator/spectator-store.ts');
    const { judgeQuadruplets } = await import('../../eval/physics/judge-quadruplets.ts');
    const { createPhysicsReport } = await import('../../eval/physics/physics-report.ts');
    const { physicsTable } = await import('../../eval/physics/physics-markdown.ts');
    const { describeInstallation } = await import('../../eval/provenance.ts');
    const { scenarios } = await import('../../env/side-view/scenarios/index.ts');
    const spectator = await loadSpectator(directory);
    const asked = scenarios.filter(({ property }) => properties.includes(property));
    const bar = terminal.progress('watching', asked.length * quadruplets);
    const judged: JudgedQuadruplet[] = [];
    const shown = judgeQuadruplets({
      model: spectator,
      scenarios: asked,
      quadruplets,
      untrained,
      seed,
      device,
      threads,
      onProgress: (done) => bar.update(done),
    });
    for await (const quadruplet of shown) {
      // Films are kept where they are drawn: thousands of them are much to remember.
      judged.push(quadruplet.index === 0 ? quadruplet : withoutFilms(quadruplet));
    }
    bar.stop();
    const report = createPhysicsReport(judged, {
      context: spectator.config.context,
      seed,
      environment: { ...describeInstallation(), seed, quadruplets, untrained, device, threads, model: spectator.hash },
    });
    if (out !== undefined) await writeReport(out, report, judged, terminal);
    const [head, ...rows] = physicsTable(report);
    terminal.result(report, formatTable(head!, rows, { left: head!.slice(0, 2) }));
  },
});

function withoutFilms({ pairs: [a, b], ...rest }: JudgedQuadruplet): JudgedQuadruplet {
  const slim = (pair: JudgedQuadruplet['pairs'][0]): JudgedQuadruplet['pairs'][0] => ({
    ...pair,
    films: [
      { ...pair.films[0], snapshots: [] },
      { ...pair.films[1], snapshots: [] },
    ],
  });
  return { ...rest, pairs: [slim(a), slim(b)] };
}

async function writeReport(
  out: string,
  report: PhysicsReport,
  judged: readonly JudgedQuadruplet[],
  terminal: Terminal,
): Promise<void> {
  const { drawFilmStrip } = await import('../../eval/physics/film-strip.ts');
  const { formatPhysicsMarkdown } = await import('../../eval/physics/physics-markdown.ts');
  const { formatPhysicsPage } = await import('../../eval/physics/physics-page.ts');
  const nameOf = ({ property, visibility }: Pick<PropertyResult, 'property' | 'visibility'>): string =>
    `${property}-${visibility}.webp`;
  const strips = new Map<string, Buffer>();
  for (const quadruplet of judged.filter(({ index }) => index === 0)) {
    const strip = await drawFilmStrip(quadruplet);
    strips.set(nameOf(quadruplet.scenario), strip);
    await writeFileAtomic(join(out, nameOf(quadruplet.scenario)), strip);
  }
  await writeFileAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFileAtomic(join(out, 'report.md'), formatPhysicsMarkdown(report, nameOf));
  const page = formatPhysicsPage(report, (result) => strips.get(nameOf(result)) ?? null);
  await writeFileAtomic(join(out, 'report.html'), page);
  terminal.note(`report: ${join(out, 'report.md')}, ${join(out, 'report.html')}, ${join(out, 'report.json')}`);
}
