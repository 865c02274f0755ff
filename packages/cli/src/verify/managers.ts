import { VERIFY_OPTIONS } from '../commands/verify.ts';
import { isShim, programsOnPath } from '@tarwarden/guarded-run';

/** The commands that `verify` tries, by name. */
export const MANAGERS: typeof VERIFY_OPTIONS.manager.choices = VERIFY_OPTIONS.manager.choices;

export type Manager = (typeof MANAGERS)[number];

/** How a manager installs the one package of a project, or runs it. */
export function argumentsFor(manager: Manager, name: string): string[] {
  if (manager === 'go') return ['mod', 'download'];
  return manager === 'npx' ? ['--yes', `${name}@1.0.0`] : ['install'];
}

/** The programs of a manager on the PATH, shims of tarwarden left out: these run what is behind them. */
export function realPrograms(manager: Manager, env: NodeJS.ProcessEnv): string[] {
  return programsOnPath(manager, env).filter((file) => !isShim(file));
}

/** Managers of other ecosystems lie on many a PATH where nobody meant to guard them: they are tried where a shim is. */
const ONLY_BEHIND_SHIMS: ReadonlySet<Manager> = new Set(['go']);

/** Whether a manager is tried where nobody names one. */
export function isTriedByDefault(manager: Manager, env: NodeJS.ProcessEnv): boolean {
  if (realPrograms(manager, env).length === 0) return false;
  return !ONLY_BEHIND_SHIMS.has(manager) || programsOnPath(manager, env).some((one) => isShim(one));
}
