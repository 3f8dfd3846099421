import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { CriticUse } from '../agent/with-critic.ts';
import { dependencyVersion, packageRoot, packageVersion } from '../core/package-root.ts';

/** The program and the machine. */
export interface Installation {
  readonly amitable: string;
  /** The source's commit, with `+changes` where files differ from it; null for an installed package. */
  readonly commit: string | null;
  readonly node: string;
  readonly tensorflowjs: string | null;
  readonly onnxruntime: string | null;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
}

/** The settings that decide the results. */
export interface RunSettings {
  /** What episodes are derived from; null where they are those of frozen manifests alone. */
  readonly seed: number | null;
  /** SHA-256 of each manifest that episodes are from, by task. @defaultValue none */
  readonly manifests?: Readonly<Record<string, string>>;
  readonly device: string;
  readonly threads: number;
  readonly guardrails: 'on' | 'off';
  /** What the call says of agents in place of their models. @defaultValue nothing */
  readonly horizon?: number;
  readonly critic?: CriticUse['at'];
  /** SHA-256 of each model that was used, by its folder. */
  readonly models: Readonly<Record<string, string>>;
  /** What could be recalled when the call began, wherever it lies; null without a memory. */
  readonly memory?: { readonly episodes: number; readonly hash: string } | null;
}

/** What a result came from: enough to run it again and get the same. */
export interface Provenance extends Installation, RunSettings {}

/** The program, the machine and the settings of a run, for its report. */
export function describeProvenance(settings: RunSettings): Provenance {
  return { ...describeInstallation(), ...settings };
}

export function describeInstallation(): Installation {
  return {
    amitable: packageVersion(),
    commit: sourceCommit(),
    node: process.versions.node,
    tensorflowjs: dependencyVersion('@tensorflow/tfjs-core'),
    onnxruntime: dependencyVersion('onnxruntime-node'),
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
  };
}

function sourceCommit(): string | null {
  const root = packageRoot();
  // An installed package may lie inside someone else's repository.
  if (!existsSync(join(root, '.git'))) return null;
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', 'HEAD')}${changed ? '+changes' : ''}`;
  } catch {
    return null;
  }
}
