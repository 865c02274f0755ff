import { archiveTrial, type Manager } from './managers.ts';
import { npmSettings } from './npm-settings.ts';
import { pnpmSettings } from './pnpm-settings.ts';
import type { Taken, Where } from './taken.ts';
import { corepackManager, isOfCorepack } from './wanted-manager.ts';
import { yarnSettings } from './yarn-settings.ts';

/**
 * Takes over what decides which manager runs and what it loads, and nothing else: no registry, no token, no folder that
 * it would write to. `program` is the manager behind every shim: only corepack obeys the choice of a manager that a project makes,
 * since pnpm and npm act on it as well, and would ask the registry or stop.
 */
export function takeOver(manager: Manager, program: string, where: Where): Taken {
  if (archiveTrial(manager) !== undefined) return { files: {}, links: {} };
  // What guards bun is in front of it on the PATH: no file of a project decides.
  if (manager === 'bun') return { files: { 'package.json': '{"private":true}' }, links: {} };
  const wanted = isOfCorepack(program) ? corepackManager(where.cwd) : {};
  if (manager === 'pnpm') return pnpmSettings(where, wanted, program);
  if (manager === 'yarn') return yarnSettings(where, wanted);
  return npmSettings(where, wanted);
}
