/*
 * Settings files that a client finds by itself, in the project's folder and above it. Another user of this machine can have
 * put them there: /tmp or a shared folder may be above the project.
 */
import { lstatSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { problemOfFound } from '@tarwarden/host/ownership';
import { projectRoot, rootAbove } from '@tarwarden/host/project-root';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import type { AuthorOf } from './layer.ts';
import type { ClientContext } from './where.ts';

/**
 * Answers who wrote a settings file that a client finds by walking up from the folder in which it runs. A link in the project is
 * the project's, wherever it leads.
 */
export function authorsFor({ folder, home }: Pick<ClientContext, 'folder' | 'home'>): AuthorOf {
  const root = outermostRoot(folder, home);
  const problemOf = problemsFor({ folder, home });
  return (file) => {
    if (dirname(file) === home) return 'user';
    if (problemOf(file) !== undefined) return 'other-user';
    return isWithin(root, join(realAsFar(dirname(file)), basename(file))) ? 'project' : 'user';
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

/**
 * Answers why a settings file is not to be believed, as a sentence that is safe for a terminal: it belongs to another user, or another
 * user can write it. Undefined if nothing is known against it. Files in the home folder are the user's own.
 */
export function problemsFor({
  folder,
  home,
}: Pick<ClientContext, 'folder' | 'home'>): (file: string) => string | undefined {
  const project = ownersOf(folder);
  return (file) => (dirname(file) === home ? undefined : problemOfOwner(file, project));
}

/** The same for whatever a client found. The owner of a link counts as well as that of the file that it leads to. */
export function problemOfOwner(file: string, project: readonly Stats[]): string | undefined {
  for (const facts of factsOf(file)) {
    // A link has no rights of its own.
    const mode = facts.isSymbolicLink() ? 0 : facts.mode;
    const { uid, gid } = facts;
    const problem = problemOfFound(file, { uid, gid, mode }, project);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The owners of the project, who may write its settings. */
function ownersOf(folder: string): readonly Stats[] {
  const root = projectRoot(folder);
  return [folder, join(folder, 'package.json'), join(root, '.git')].flatMap(factsOf);
}

function factsOf(path: string): Stats[] {
  try {
    return [lstatSync(path), statSync(path)];
  } catch {
    return []; // The client itself reports the problem.
  }
}
