import { quote } from '@tarwarden/core/text';

/** The reason why a package is refused, and the advice. One line each, escaped. */
export interface LocalDependency {
  readonly why: string;
  readonly remedy: string;
}

const REMEDY =
  'Do not install it, and tell its publisher. If you want that folder or file yourself, name it in your own package.json.';

/**
 * The refusal of a published package that depends on a folder or file of this machine; all guards use these words. Only the
 * project, its workspaces and the folders that they name may do that: a client links to the folder or copies it, and may run its
 * scripts.
 */
export function localDependency(specifier: string): LocalDependency {
  return {
    why: `it depends on ${quote(specifier)}, a folder or file of this machine, which only the project and its workspaces may name`,
    remedy: REMEDY,
  };
}

/** The same refusal if the depending package is not known. */
export function unnamedLocally(location: string): LocalDependency {
  return {
    why: `a package depends on ${quote(location)}, a folder or file of this machine, which only the project and its workspaces may name`,
    remedy:
      'Find out which package does, do not install that one, and tell its publisher. If you want the folder or file yourself, name it in your own package.json.',
  };
}

/** The same refusal for a package that the lockfile takes from a folder or file that nothing in the project names. */
export function lockedLocally(location: string): LocalDependency {
  return {
    why: `the lockfile takes it from ${quote(location)}, a folder or file outside the project, which the project itself does not name`,
    remedy: 'Find out who wrote that into the lockfile, or remove the entry and install again.',
  };
}
