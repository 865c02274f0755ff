import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manager } from './managers.ts';
import { pnpmSettings } from './pnpm-settings.ts';
import { foldersAbove, nearestWith, readManifest } from './settings-files.ts';
import { projectManifest, type Taken, type Where } from './taken.ts';
import { yarnSettings } from './yarn-settings.ts';

/**
 * Takes over what decides which manager runs and what it loads, and nothing else: no registry, no token, no folder that
 * it would write to.
 */
export function takeOver(manager: Manager, where: Where): Taken {
  const wanted = wantedManager(where.cwd);
  if (manager === 'pnpm') return pnpmSettings(where, wanted);
  if (manager === 'yarn') return yarnSettings(where, wanted);
  return { files: { 'package.json': projectManifest(wanted) }, links: extensions(where.cwd) };
}

/** The manager that the project names: corepack, and pnpm itself, run that one. */
function wantedManager(cwd: string): object {
  for (const folder of foldersAbove(cwd)) {
    const { packageManager, devEngines } = readManifest(folder);
    if (typeof packageManager === 'string' && packageManager !== '') return { packageManager };
    const { packageManager: engine } = (devEngines ?? {}) as { packageManager?: unknown };
    if (engine !== undefined) return { devEngines: { packageManager: engine } };
  }
  return {};
}

/** Code of the project that npm 12 loads into itself. */
function extensions(cwd: string): Record<string, string> {
  const folder = nearestWith(cwd, 'package.json');
  if (folder === undefined || !existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => /^\.npm-extension\.[cm]js$/.test(name));
  return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}
