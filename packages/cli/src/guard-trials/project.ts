import { archiveTrial, type Manager } from './managers.ts';
import { npmSettings } from './npm-settings.ts';
import { pnpmSettings } from './pnpm-settings.ts';
import type { Taken, ProjectContext } from './taken.ts';
import { corepackManager, isOfCorepack } from './wanted-manager.ts';
import { yarnSettings } from './yarn-settings.ts';

/**
 * Takes over the settings that decide which manager runs and which code it loads, but no registry, token or folder to write to.
 * `program` is the manager behind every shim. The manager that package.json names is taken over for corepack only: npm and pnpm
 * would ask the registry for it, or stop.
 */
export function takeOver(manager: Manager, program: string, where: ProjectContext): Taken {
  if (archiveTrial(manager) !== undefined) return { files: {}, links: {} };
  // The guard of bun is a shim before it on the PATH. No file of a project decides about it.
  if (manager === 'bun') return { files: { 'package.json': '{"private":true}' }, links: {} };
  const wanted = isOfCorepack(program) ? corepackManager(where.cwd) : {};
  if (manager === 'pnpm') return pnpmSettings(where, wanted, program);
  if (manager === 'yarn') return yarnSettings(where, wanted);
  return npmSettings(where, wanted);
}
