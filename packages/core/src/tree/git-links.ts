import { posix } from 'node:path';

import type { Entry } from '../containers/entry.ts';
import { Trait, Typeflag } from '../containers/entry.ts';
import type { FileSet } from './file-set.ts';
import { isNamed } from './modules-folders.ts';
import { foldedComponents, foldedKey } from './package-path.ts';

/** A file `.git` below the package's own folder: git goes to the repository that it names, as it does for a submodule. */
export interface GitLink {
  readonly entry: Entry;
  readonly key: string;
  /** Undefined where it is longer than what is read, or was cut short. */
  readonly bytes: Buffer | undefined;
}

/** Whether git knows a folded component as its own. */
export function isGit(part: string): boolean {
  return isNamed(part, '.git');
}

/** Whether an entry may be a link of git: a file that is spelled so, with no other trace of git in its path. */
export function mayBeGitLink({ path, typeflag }: Entry): boolean {
  if (typeflag !== Typeflag.File || !path.endsWith('/.git')) return false;
  const folders = foldedComponents(path).slice(0, -1);
  return folders.length > 1 && !folders.some(isGit);
}

/** As git reads it. The path climbs first and then goes down, so that it means the same whatever is a link on the way. */
const LINK = /^gitdir: ((?:\.\.\/)*)([\w./-]+?)\/?[\r\n]*$/;
/** A name that no system changes: Windows drops a dot at the end, and knows files by short names with a `~`. */
const PLAIN = /^[\w.-]*[\w-]$/;

/** Why git could find a repository where a link leads, or undefined where nothing is. */
export function gitLinkProblem({ key, bytes }: GitLink, files: FileSet): string | undefined {
  const [, climb = '', target = ''] = (bytes && LINK.exec(bytes.toString('latin1'))) ?? [];
  if (!target.split('/').every((part) => PLAIN.test(part)))
    return 'does not name a plain relative path';
  // Folded as the places are: the folder that the file lies in may have a name of any letters.
  const place = foldedKey(posix.join(posix.dirname(key), climb, target), Trait.NonAscii);
  if (place.startsWith('../')) return 'leads out of the package';
  const parts = place.split('/');
  // Who installs what the package depends on fills these.
  if (parts.some((part) => isNamed(part, 'node_modules'))) return 'leads into node_modules';
  const { places } = files;
  if (places.has(place)) return 'leads to what the package brings';
  for (let end = place.indexOf('/'); end >= 0; end = place.indexOf('/', end + 1)) {
    if (places.get(place.slice(0, end))?.kind === 'link') return 'leads through a link';
  }
  return undefined;
}
