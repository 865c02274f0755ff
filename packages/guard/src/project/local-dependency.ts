import { quote } from '@tarwarden/core/text';

/** The reason why a package is refused, and the advice. One line each, escaped. */
export interface LocalDependency {
  readonly why: string;
  readonly remedy: string;
}

const REMEDY =
  'Do not install it, and tell its publisher. If you want that folder or file yourself, name it in your own package.json.';

/**
 * The refusal of a published package that depends on a folder or file of this machine; all guards use these words. Only the project, its
 * workspaces and the folders that they name may do that: a client links to the folder or copies it, and may run its scripts.
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

/** Protocols that name a folder, file or program of this machine. */
const LOCAL_PROTOCOL = /^(?:file|link|portal|exec|path|git\+file):/i;
/** `workspace:../folder`, but not `workspace:^1.0.0`, which names a project by its version. */
const WORKSPACE_PATH = /^workspace:(?:[^@]*[/\\]|\.{1,2}$)/i;
/** A text that starts like a path: `./a`, `../a`, `/a`, `.`, `~/a`, `C:\a`, `\\host\a`. */
const PATH = /^(?:[./\\]|~[/\\]|[a-z]:)/i;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/i;
/** `owner/repository` of GitHub. */
const SHORTHAND = /^[^/\\@:]+\/[^/\\@:]+$/;

/**
 * Whether npm, pnpm or Yarn read a dependency's specifier as a folder or file of this machine. If they differ, the answer is yes:
 * pnpm reads any text with a slash as a path unless another protocol claims it.
 */
export function isLocalSpecifier(specifier: string): boolean {
  const text = specifier.trim();
  if (LOCAL_PROTOCOL.test(text) || WORKSPACE_PATH.test(text) || PATH.test(text)) return true;
  if (text.includes(':')) return false;
  const [path = ''] = text.split('#', 1);
  if (ARCHIVE.test(text)) return true;
  return /[/\\]/.test(path) && !SHORTHAND.test(path);
}
