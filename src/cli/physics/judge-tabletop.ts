import { join } from 'node:path';
import { shippedModelDirectory } from '../../agent/create-agent.ts';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { drawPushStrip } from '../../eval/physics/film-strip.ts';
import { type JudgedPushQuadruplet, judgePushes } from '../../eval/physics/judge-pushes.ts';
import { formatPushPage } from '../../eval/physics/physics-page.ts';
import { formatPushMarkdown, pushTable } from '../../eval/physics/push-markdown.ts';
import { createPushReport } from '../../eval/physics/push-report.ts';
import { describeInstallation } from '../../eval/provenance.ts';
import { loadModel } from '../../world-model/model-store.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { type JudgingOptions, writeFiles } from './judge-side-view.ts';

/** `amitable physics --world tabletop`: the model that plans expects what its own pushes do. */
export async function judgeTabletop(options: JudgingOptions, terminal: Terminal): Promise<void> {
  const { model: directory, quadruplets, untrained, compared, out, seed, device, threads } = options;
  const model = await loadModel(directory ?? shippedModelDirectory('tabletop'));
  const bar = terminal.progress('pushing', quadruplets);
  const judged: JudgedPushQuadruplet[] = [];
  const shown = judgePushes({
    ...{ model, quadruplets, untrained, compared, seed, device, threads },
    onProgress: (done) => bar.update(done),
  });
  for await (const quadruplet of shown) judged.push(quadruplet);
  bar.stop();
  const environment = {
    ...describeInstallation(),
    ...{ seed, quadruplets, untrained, compared, device, threads, model: model.hash },
  };
  const report = createPushReport(judged, { seed, environment });
  if (out !== undefined) {
    const name = 'push.webp';
    const strip = await drawPushStrip(judged[0]!);
    await writeFileAtomic(join(out, name), strip);
    const files = {
      'report.json': `${JSON.stringify(report, null, 2)}\n`,
      'report.md': formatPushMarkdown(report, name),
      'report.html': formatPushPage(report, strip),
    };
    await writeFiles(out, files, terminal);
  }
  const [head, ...rows] = pushTable(report);
  terminal.result(report, formatTable(head!, rows, { left: head!.slice(0, 1) }));
}
