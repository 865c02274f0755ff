import { isShim, programsOnPath } from '@tarwarden/guarded-run';
import { VERIFY_OPTIONS } from '../commands/verify/definition.ts';
import type { ArchiveTrial } from './archive-trial.ts';
import { bundleTrial, gemTrial } from './gem-trial.ts';
import { goTrial } from './go-trial.ts';
import { pipTrial } from './pip-trial.ts';

/** The commands that `verify` tries, by name. */
export const MANAGERS: typeof VERIFY_OPTIONS.manager.choices = VERIFY_OPTIONS.manager.choices;

export type Manager = (typeof MANAGERS)[number];

/** Clients of other ecosystems than npm's. `verify` tries them with archives in files and without a registry. */
const ARCHIVE_TRIALS: Readonly<Partial<Record<Manager, ArchiveTrial>>> = {
  pip: pipTrial,
  pip3: pipTrial,
  python: pipTrial,
  python3: pipTrial,
  gem: gemTrial,
  bundle: bundleTrial,
  go: goTrial,
};

/** Undefined for the managers of npm's ecosystem, which get a registry. */
export function archiveTrial(manager: Manager): ArchiveTrial | undefined {
  return ARCHIVE_TRIALS[manager];
}

/** The arguments with which a manager installs the one package of a project, or runs it. */
export function argumentsFor(manager: Manager, name: string): string[] {
  const trial = archiveTrial(manager);
  if (trial !== undefined) return trial.arguments(manager, name);
  return manager === 'npx' ? ['--yes', `${name}@1.0.0`] : ['install'];
}

/** These are tried whenever they are on the PATH. The others are on many a PATH where nobody wants a guard for them. */
const TRIED_UNASKED: ReadonlySet<Manager> = new Set(['npm', 'npx', 'pnpm', 'yarn']);

/** Whether a manager is tried if the user names none: it is on the PATH and, outside of npm's ecosystem, has a shim there. */
export function isTried(manager: Manager, env: NodeJS.ProcessEnv): boolean {
  const programs = programsOnPath(manager, env);
  const hasShim = programs.some((file) => isShim(file));
  if (!TRIED_UNASKED.has(manager) && !hasShim) return false;
  // A shim runs the program behind it.
  return programs.some((file) => !isShim(file));
}
