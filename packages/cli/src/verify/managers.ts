import { VERIFY_OPTIONS } from '../commands/verify.ts';
import { isShim, programsOnPath } from '@tarwarden/guarded-run';

/** The commands that `verify` tries, by name. */
export const MANAGERS: typeof VERIFY_OPTIONS.manager.choices = VERIFY_OPTIONS.manager.choices;

export type Manager = (typeof MANAGERS)[number];

/** How a manager installs the one package of a project, or runs it. */
export function argumentsFor(manager: Manager, name: string): string[] {
  return manager === 'npx' ? ['--yes', `${name}@1.0.0`] : ['install'];
}

/** The programs of a manager on the PATH, shims of tarwarden left out: these run what is behind them. */
export function realPrograms(manager: Manager, env: NodeJS.ProcessEnv): string[] {
  return programsOnPath(manager, env).filter((file) => !isShim(file));
}
