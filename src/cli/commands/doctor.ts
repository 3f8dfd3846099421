import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { DeviceReport } from '../../engine/devices.ts';
import { describeInstallation, type Installation } from '../../eval/provenance.ts';
import { defineCommand } from '../command.ts';
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
    terminal.result({ versions, devices, models }, format(versions, devices, models));
  },
});

async function findModels(): Promise<ModelReport[]> {
  const { loadModel } = await import('../../world-model/model-store.ts');
  const folder = join(packageRoot(), 'models');
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
  return Promise.all(
    names.sort().map(async (name) => {
      try {
        return { folder: `models/${name}`, hash: (await loadModel(join(folder, name))).hash, problem: null };
      } catch (error) {
        return { folder: `models/${name}`, hash: null, problem: describeError(error) };
      }
    }),
  );
}

function format(versions: Installation, devices: readonly DeviceReport[], models: readonly ModelReport[]): string {
  const deviceRows = devices.map(({ name, available, description }) => [
    name,
    `${available ? 'yes' : 'no'}${name === 'native' ? ' (default)' : ''}`,
    description,
  ]);
  const fixes = devices.flatMap(({ name, available, why, fix }) => (available ? [] : [`${name}: ${why}.`, `  ${fix}`]));
  const columns = (rows: readonly (readonly string[])[], header: readonly string[]): string =>
    formatTable(header, rows, { left: header });
  return [
    columns(
      Object.entries(versions).map(([name, value]) => [name, String(value ?? '-')]),
      ['what', 'version'],
    ),
    columns(deviceRows, ['device', 'works', 'what it is']),
    ...(fixes.length === 0 ? [] : [fixes.join('\n')]),
    models.length === 0
      ? "no models: train one with 'amitable train --config tabletop-small --out models/tabletop-small'"
      : columns(
          models.map(({ folder, hash, problem }) => [folder, hash ?? `damaged: ${problem}`]),
          ['model', 'sha256'],
        ),
  ].join('\n\n');
}
