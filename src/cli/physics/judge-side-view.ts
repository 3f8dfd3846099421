import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { DeviceName } from '../../engine/program.ts';
import type { PropertyName } from '../../env/side-view/quadruplet.ts';
import { scenarios } from '../../env/side-view/scenarios/index.ts';
import { drawFilmStrip } from '../../eval/physics/film-strip.ts';
import { type JudgedQuadruplet, judgeQuadruplets } from '../../eval/physics/judge-quadruplets.ts';
import { formatPhysicsMarkdown, physicsTable } from '../../eval/physics/physics-markdown.ts';
import { formatPhysicsPage } from '../../eval/physics/physics-page.ts';
import { createPhysicsReport, type PhysicsReport, type PropertyResult } from '../../eval/physics/physics-report.ts';
import { describeInstallation } from '../../eval/provenance.ts';
import { loadPainter } from '../../world-model/painter/painter-store.ts';
import { loadSpectator } from '../../world-model/spectator/spectator-store.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** What every world's judging takes. */
export interface JudgingOptions {
  readonly model: string | undefined;
  readonly quadruplets: number;
  readonly untrained: number;
  readonly compared: number;
  readonly out: string | undefined;
  readonly seed: number;
  readonly device: DeviceName;
  readonly threads: number;
}

interface SideViewOptions extends JudgingOptions {
  readonly pixels: string | undefined;
  readonly properties: readonly PropertyName[];
}

/** `amitable physics`: a spectator, and models beside it, watch films from the side. */
export async function judgeSideView(options: SideViewOptions, terminal: Terminal): Promise<void> {
  const { model, pixels, properties, quadruplets, untrained, compared, out, seed, device, threads } = options;
  const spectator = await loadSpectator(model ?? shipped('side-view'));
  const painter = compared === 0 ? null : await loadPainter(pixels ?? shipped('side-view-pixels'));
  const asked = scenarios.filter(({ property }) => properties.includes(property));
  const bar = terminal.progress('watching', asked.length * quadruplets);
  const judged: JudgedQuadruplet[] = [];
  const shown = judgeQuadruplets({
    model: spectator,
    ...(painter === null ? {} : { pixels: painter }),
    ...{ scenarios: asked, quadruplets, compared, untrained, seed, device, threads },
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
    environment: {
      ...describeInstallation(),
      ...{ seed, quadruplets, untrained, compared, device, threads },
      ...{ model: spectator.hash, pixels: painter?.hash ?? null },
    },
  });
  if (out !== undefined) await writeReport(out, report, judged, terminal);
  const [head, ...rows] = physicsTable(report);
  terminal.result(report, formatTable(head!, rows, { left: head!.slice(0, 2) }));
}

function shipped(name: string): string {
  return join(packageRoot(), 'models', name);
}

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
  const nameOf = ({ property, visibility }: Pick<PropertyResult, 'property' | 'visibility'>): string =>
    `${property}-${visibility}.webp`;
  const strips = new Map<string, Buffer>();
  for (const quadruplet of judged.filter(({ index }) => index === 0)) {
    const strip = await drawFilmStrip(quadruplet);
    strips.set(nameOf(quadruplet.scenario), strip);
    await writeFileAtomic(join(out, nameOf(quadruplet.scenario)), strip);
  }
  await writeFiles(
    out,
    {
      'report.json': `${JSON.stringify(report, null, 2)}\n`,
      'report.md': formatPhysicsMarkdown(report, nameOf),
      'report.html': formatPhysicsPage(report, (result) => strips.get(nameOf(result)) ?? null),
    },
    terminal,
  );
}

/** Writes a report's files and says where they are. */
export async function writeFiles(
  out: string,
  files: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFileAtomic(join(out, name), text);
  terminal.note(
    `report: ${Object.keys(files)
      .map((name) => join(out, name))
      .join(', ')}`,
  );
}
