/* Whether a settings file came with the project. */
import { basename, dirname, join } from 'node:path';
import { projectRoot, rootAbove } from '@tarwarden/guard/project-root';
import { isWithin, realAsFar } from '@tarwarden/guard/real-path';
import type { AuthorOf } from './layer.ts';
import type { ClientContext } from './where.ts';

/**
 * Returns a function that finds the author of a settings file, for files that a client finds by walking up from the folder in which it
 * runs. A link in the project counts as a file of the project, wherever it leads.
 */
export function authorsFor({ folder, home }: Pick<ClientContext, 'folder' | 'home'>): AuthorOf {
  const root = outermostRoot(folder, home);
  return (file) => {
    const isProjects =
      dirname(file) !== home && isWithin(root, join(realAsFar(dirname(file)), basename(file)));
    return isProjects ? 'project' : 'user';
  };
}

/**
 * The root of the outermost project around a folder: a submodule, or a project in a project without git, came with the outer one, and so
 * did the files beside it. The home folder is no project, even if it is a repository.
 */
function outermostRoot(folder: string, home: string): string {
  const realHome = realAsFar(home);
  let root = projectRoot(folder);
  for (;;) {
    const above = rootAbove(root);
    if (above === undefined || isWithin(above, realHome)) return root;
    root = above;
  }
}
