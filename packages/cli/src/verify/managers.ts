import { VERIFY_OPTIONS } from '../commands/verify.ts';
import { isShim, programsOnPath } from '@tarwarden/guarded-run';
import { archiveTrial, hasShim } from './archive-trials.ts';

/** The commands that `verify` tries, by name. */
export const MANAGERS: typeof VERIFY_OPTIONS.manager.choices = VERIFY_OPTIONS.manager.choices;

export type Manager = (typeof MANAGERS)[number];

/** How a manager installs the one package of a project, or runs it. */
export function argumentsFor(manager: Manager, name: string): string[] {
  const trial = archiveTrial(manager);
  if (trial !== undefined) return trial.arguments(manager, name);
  return manager === 'npx' ? ['--yes', `${name}@1.0.0`] : ['install'];
}

/** The programs of a manager on the PATH, shims of tarwarden left out: these run what is behind them. */
function realPrograms(manager: Manager, env: NodeJS.ProcessEnv): string[] {
  return programsOnPath(manager, env).filter((file) => !isShim(file));
}

/** Managers of npm's ecosystem. Those of others lie on many a PATH where nobody meant to guard them. */
const TRIED_UNASKED: ReadonlySet<Manager> = new Set(['npm', 'npx', 'pnpm', 'yarn']);

/** Whether a manager is tried without being named: of npm's ecosystem what is on the PATH, else what was set up to be guarded. */
export function isTried(manager: Manager, env: NodeJS.ProcessEnv): boolean {
  if (!TRIED_UNASKED.has(manager) && !hasShim(manager, env)) return false;
  return realPrograms(manager, env).length > 0;
}
