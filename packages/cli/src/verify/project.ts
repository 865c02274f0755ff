import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manager } from './managers.ts';
import { pnpmSettings } from './pnpm-settings.ts';
import { nearestWith } from './settings-files.ts';
import { projectManifest, type Taken, type Where } from './taken.ts';
import { corepackManager, isOfCorepack } from './wanted-manager.ts';
import { yarnSettings } from './yarn-settings.ts';

/**
 * Takes over what decides which manager runs and what it loads, and nothing else: no registry, no token, no folder that
 * it would write to. `program` is the manager behind every shim: of the project's choice of a manager corepack alone is told,
 * since pnpm and npm act on it as well, and would ask the registry or stop.
 */
export function takeOver(manager: Manager, program: string, where: Where): Taken {
  const wanted = isOfCorepack(program) ? corepackManager(where.cwd) : {};
  if (manager === 'pnpm') return pnpmSettings(where, wanted);
  if (manager === 'yarn') return yarnSettings(where, wanted);
  return { files: { 'package.json': projectManifest(wanted) }, links: extensions(where.cwd) };
}

/** Code of the project that npm 12 loads into itself. */
function extensions(cwd: string): Record<string, string> {
  const folder = nearestWith(cwd, 'package.json');
  if (folder === undefined || !existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => /^\.npm-extension\.[cm]js$/.test(name));
  return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}
