import type { Manager } from '../installs/install.ts';
import type { MadePackages } from './made-packages.ts';

/** The manager with a project that has some of the made packages. npm begins with a lockfile that is made too. */
export function withMadeProject(manager: Manager, packages: MadePackages, count: number): Manager {
  const project = packages.project(count);
  if (!manager.name.startsWith('npm-')) return { ...manager, project };
  const files = { 'package-lock.json': packages.npmLockfile(count) };
  return { ...manager, project, first: manager.install, files: () => files };
}
