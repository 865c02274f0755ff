/* How `verify` tries pip: with wheels in a folder, since pip needs no index for that. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { moduleName, type WheelFile } from './wheels.ts';

const PIPS = ['pip', 'pip3', 'python', 'python3'] as const;

type PipManager = (typeof PIPS)[number];

export function isPipManager(manager: string): manager is PipManager {
  return (PIPS as readonly string[]).includes(manager);
}

/** Run in a folder below the one with the wheels. */
export function pipArguments(manager: PipManager, name: string): string[] {
  const install = ['install', '--no-index', '--find-links', join('..', '..', WHEELS)];
  const kept = ['--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--target', TARGET];
  const pip = manager.startsWith('python') ? ['-m', 'pip'] : [];
  return [...pip, ...install, ...kept, `${name}==1.0.0`];
}

const WHEELS = 'wheels';
const TARGET = 'site';

export function writeWheel(folder: string, { fileName, bytes }: WheelFile): void {
  mkdirSync(join(folder, WHEELS), { recursive: true });
  writeFileSync(join(folder, WHEELS, fileName), bytes);
}

/** Without settings that lead to an index or elsewhere on disk. PIP_PYTHON stays: it decides which pip runs. */
export function pipEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(?:PIP_|TARWARDEN_INSPECTOR)/i.test(name) || name.toUpperCase() === 'PIP_PYTHON',
  );
  return { ...Object.fromEntries(kept), PIP_CONFIG_FILE: devNull };
}

export function pipInstalled(project: string, name: string): boolean {
  return existsSync(join(project, TARGET, moduleName(name)));
}

/** The first line of the report that the guard has pip print. */
export function isPipRefusal(output: string, name: string): boolean {
  return output.includes(`tarwarden: refused ${name}@1.0.0:`);
}
