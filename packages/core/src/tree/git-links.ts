import { posix } from 'node:path';

import type { Entry } from '../containers/entry.ts';
import { Trait, Typeflag } from '../containers/entry.ts';
import type { FileSet } from './file-set.ts';
import { isNamed } from './modules-folders.ts';
import { foldedComponents, foldedKey } from './package-path.ts';

/** A `.git` file below the folder of the package. git uses the repository that it names, as for a submodule. */
export interface GitLink {
  readonly entry: Entry;
  readonly key: string;
  /** Undefined if the file is too long to be read, or was cut short. */
  readonly bytes: Buffer | undefined;
}

/** Whether git may read a folded component as `.git`. */
export function isGitName(part: string): boolean {
  return isNamed(part, '.git');
}

/** Whether an entry may be a link of git: a file with exactly this name, and no other `.git` in its path. */
export function mayBeGitLink({ path, typeflag }: Entry): boolean {
  if (typeflag !== Typeflag.File || !path.endsWith('/.git')) return false;
  const folders = foldedComponents(path).slice(0, -1);
  return folders.length > 1 && !folders.some(isGitName);
}

/** The content as git reads it: a path that first climbs and then descends, so that links on the way cannot change its meaning. */
const LINK = /^gitdir: ((?:\.\.\/)*)([\w./-]+?)\/?[\r\n]*$/;
/** A name that no system changes. Windows drops a dot at the end, and has short names with a `~`. */
const PLAIN = /^[\w.-]*[\w-]$/;

/** The reason why git may find a repository at the target of a link. Undefined if nothing is there. */
export function gitLinkProblem({ key, bytes }: GitLink, files: FileSet): string | undefined {
  const [, climb = '', target = ''] = (bytes && LINK.exec(bytes.toString('latin1'))) ?? [];
  if (!target.split('/').every((part) => PLAIN.test(part)))
    return 'does not name a plain relative path';
  // Fold the path like all others, since the folder of the file may have any letters in its name.
  const place = foldedKey(posix.join(posix.dirname(key), climb, target), Trait.NonAscii);
  if (place.startsWith('../')) return 'leads out of the package';
  const parts = place.split('/');
  // An install of the dependencies fills these folders.
  if (parts.some((part) => isNamed(part, 'node_modules'))) return 'leads into node_modules';
  const { places } = files;
  if (places.has(place)) return 'leads to what the package brings';
  for (let end = place.indexOf('/'); end >= 0; end = place.indexOf('/', end + 1)) {
    if (places.get(place.slice(0, end))?.kind === 'link') return 'leads through a link';
  }
  return undefined;
}
