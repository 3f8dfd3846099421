import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, RunError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { DeviceReport } from '../../engine/devices.ts';
import { describeInstallation, type Installation } from '../../eval/provenance.ts';
import { defineCommand } from '../command.ts';
import { loadAnyModel } from '../load-any-model.ts';
import { formatTable } from '../table.ts';

interface ModelReport {
  readonly folder: string;
  readonly hash: string | null;
  readonly problem: string | null;
}

export const doctorCommand = defineCommand({
  async run(_args, terminal) {
    const { probeDevices } = await import('../../engine/devices.ts');
    const versions = describeInstallation();
    const devices = await probeDevices();
    const models = await findModels();
    const tools = [checkNode(versions.node), await checkFfmpeg()];
    const lacking = [
      ...tools.filter(({ found, needed }) => needed && !found).map(({ name }) => name),
      ...devices.filter(({ name, available }) => name === 'native' && !available).map(({ name }) => `device ${name}`),
      ...models.filter(({ problem }) => problem !== null).map(({ folder }) => folder),
    ];
    const verdict = lacking.length === 0 ? 'All that is needed is there.' : `Not in order: ${lacking.join(', ')}.`;
    const document = { ready: lacking.length === 0, versions, tools, devices, models };
    terminal.result(document, format(verdict, versions, tools, devices, models));
    if (lacking.length > 0) throw new RunError(verdict);
  },
});

/** A program that is needed, or useful. */
interface ToolReport {
  readonly name: string;
  readonly needed: boolean;
  /** What is there; null where nothing is, or too old a one. */
  readonly found: string | null;
  /** What to do about it; null where nothing needs doing. */
  readonly fix: string | null;
}

/** As `engines` of package.json has it. */
const oldestNode = [20, 19] as const;

function checkNode(version: string): ToolReport {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const fix = fits ? null : `This is Node ${version}; install ${oldestNode.join('.')} or newer from nodejs.org.`;
  return { name: 'node', needed: true, found: fits ? version : null, fix };
}

async function checkFfmpeg(): Promise<ToolReport> {
  const { ffmpegVersion } = await import('../../eval/replay/encode-mp4.ts');
  const line = await ffmpegVersion();
  const version = line === null ? null : (/version (\S+)/.exec(line)?.[1] ?? line);
  const fix = version === null ? 'For replays as MP4 (`run --film mp4`): apt-get install ffmpeg.' : null;
  return { name: 'ffmpeg', needed: false, found: version, fix };
}

async function findModels(): Promise<ModelReport[]> {
  const folder = join(packageRoot(), 'models');
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
  return Promise.all(
    names.sort().map(async (name) => {
      try {
        return { folder: `models/${name}`, hash: (await loadAnyModel(join(folder, name))).model.hash, problem: null };
      } catch (error) {
        return { folder: `models/${name}`, hash: null, problem: describeError(error) };
      }
    }),
  );
}

function format(
  verdict: string,
  versions: Installation,
  tools: readonly ToolReport[],
  devices: readonly DeviceReport[],
  models: readonly ModelReport[],
): string {
  const deviceRows = devices.map(({ name, available, description }) => [
    name,
    `${available ? 'yes' : 'no'}${name === 'native' ? ' (default)' : ''}`,
    description,
  ]);
  const toolFixes = tools.flatMap(({ name, fix }) => (fix === null ? [] : [`${name}: ${fix}`]));
  const deviceFixes = devices.flatMap(({ name, available, why, fix }) =>
    available ? [] : [`${name}: ${why}.`, `  ${fix}`],
  );
  const columns = (rows: readonly (readonly string[])[], header: readonly string[]): string =>
    formatTable(header, rows, { left: header });
  const toolRows = tools.map(({ name, needed, found }) => [name, needed ? 'needed' : 'useful', found ?? 'not found']);
  return [
    verdict,
    columns(
      Object.entries(versions).map(([name, value]) => [name, String(value ?? '-')]),
      ['what', 'version'],
    ),
    columns(toolRows, ['program', 'is', 'found']),
    columns(deviceRows, ['device', 'works', 'what it is']),
    ...(deviceFixes.length + toolFixes.length === 0 ? [] : [[...toolFixes, ...deviceFixes].join('\n')]),
    models.length === 0
      ? "no models: train one with 'amitable train --config tabletop-small --out models/tabletop-small'"
      : columns(
          models.map(({ folder, hash, problem }) => [folder, hash ?? `damaged: ${problem}`]),
          ['model', 'sha256'],
        ),
  ].join('\n\n');
}
