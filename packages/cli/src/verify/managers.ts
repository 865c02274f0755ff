import { isShim, programsOnPath } from '@tarwarden/guarded-run';

/** The commands that `verify` tries, by name. */
export const MANAGERS = ['npm', 'npx', 'pnpm', 'yarn'] as const;

export type Manager = (typeof MANAGERS)[number];

/** How a manager installs the one package of a project, or runs it. */
export function argumentsFor(manager: Manager, name: string): string[] {
  return manager === 'npx' ? ['--yes', `${name}@1.0.0`] : ['install'];
}

/** The programs of a manager on the PATH, shims of tarwarden left out: these run what is behind them. */
export function realPrograms(manager: Manager, env: NodeJS.ProcessEnv): string[] {
  return programsOnPath(manager, env).filter((file) => !isShim(file));
}
