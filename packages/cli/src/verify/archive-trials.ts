/* Clients of other ecosystems, which `verify` tries with archives in files and without a registry. */
import { isShim, programsOnPath } from '@tarwarden/guarded-run';
import type { ArchiveTrial } from './archive-trial.ts';
import { bundleTrial, gemTrial } from './gem-trial.ts';
import { goTrial } from './go-trial.ts';
import { pipTrial } from './pip-trial.ts';

const TRIALS: Readonly<Record<string, ArchiveTrial>> = {
  pip: pipTrial,
  pip3: pipTrial,
  python: pipTrial,
  python3: pipTrial,
  gem: gemTrial,
  bundle: bundleTrial,
  go: goTrial,
};

/** Undefined for the managers of npm's ecosystem, which get a registry. */
export function archiveTrial(manager: string): ArchiveTrial | undefined {
  return Object.hasOwn(TRIALS, manager) ? TRIALS[manager] : undefined;
}

/** Whether somebody has set up a guard for it: a Python or Ruby on the PATH is not always there to install something. */
export function hasShim(manager: string, env: NodeJS.ProcessEnv): boolean {
  return programsOnPath(manager, env).some((file) => isShim(file));
}
