import { posix } from 'node:path';
import { type Entry, Trait, Typeflag } from '../containers/entry.ts';
import type { FileSet, ClaimedPath } from './file-set.ts';
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
export function isGitName(component: string): boolean {
  return isNamed(component, '.git');
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
  if (!target.split('/').every((component) => PLAIN.test(component)))
    return 'does not name a plain relative path';
  // Fold the path like all others, since the folder of the file may have any letters in its name.
  const targetKey = foldedKey(posix.join(posix.dirname(key), climb, target), Trait.NonAscii);
  if (targetKey.startsWith('../')) return 'leads out of the package';
  const components = targetKey.split('/');
  // An install of the dependencies fills these folders.
  if (components.some((component) => isNamed(component, 'node_modules')))
    return 'leads into node_modules';
  const { places } = files;
  if (places.has(targetKey)) return 'leads to what the package brings';
  for (let end = targetKey.indexOf('/'); end >= 0; end = targetKey.indexOf('/', end + 1)) {
    if (places.get(targetKey.slice(0, end))?.kind === 'link') return 'leads through a link';
  }
  return undefined;
}

/** A folder of any name that git treats as a repository, and the reason why it is dangerous. */
interface GitFolder {
  readonly entry: Entry;
  readonly problem: string;
}

/** Content of `config` files by folded key. Undefined for a file that is too long to be read, or was cut short. */
type GitConfigs = ReadonlyMap<string, Buffer | undefined>;

const HEAD = 'head';
const CONFIG = 'config';

/** Lines that `git init --bare` and `git clone --bare` write. They run no program and name no other folder. */
const PLAIN_LINE =
  /^\s*(?:[#;].*|\[core\]|\[(?:remote|branch) "[^"\\]*"\]|(?:repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks|logallrefupdates|url|fetch|merge|remote|mirror)\s*=[^\\;#"]*)?$/i;

/** The folded key of a file that git would read its settings from, if the folder around it were a repository. */
export function gitConfigKey({ traits, typeflag }: Entry, key: string): string | undefined {
  if (typeflag !== Typeflag.File) return undefined;
  if ((traits & Trait.NonAscii) === 0 && key.slice(-CONFIG.length).toLowerCase() !== CONFIG)
    return undefined;
  const folded = foldedKey(key, Trait.NonAscii);
  return isCalled(folded, CONFIG) ? folded : undefined;
}

/**
 * Folders that git treats as a repository if it runs there, and that contain more than objects and refs. A repository as git creates it
 * is harmless, and some packages have such folders among their test files.
 */
export function* gitFolders(
  places: ReadonlyMap<string, ClaimedPath>,
  configs: GitConfigs,
): Generator<GitFolder> {
  let hooks: ReadonlySet<string> | undefined;
  for (const [key, { entry, kind }] of places) {
    if (kind === 'directory' || !isCalled(key, HEAD)) continue;
    const folder = key.slice(0, -HEAD.length);
    if (places.has(`${folder}commondir`)) {
      yield { entry, problem: 'takes its settings from another folder' };
    } else if (places.has(`${folder}objects`) && places.has(`${folder}refs`)) {
      hooks ??= foldersOfHooks(places);
      if (!isPlain(`${folder}${CONFIG}`, configs))
        yield { entry, problem: 'has settings which git obeys' };
      else if (hooks.has(`${folder}hooks`)) yield { entry, problem: 'has hooks' };
    }
  }
}

function isPlain(config: string, configs: GitConfigs): boolean {
  if (!configs.has(config)) return true;
  const lines = configs.get(config)?.toString('latin1').split(/\r?\n/);
  return lines?.every((line) => PLAIN_LINE.test(line)) === true;
}

/** `hooks` folders with other files than the samples that git puts there. */
function foldersOfHooks(places: ReadonlyMap<string, ClaimedPath>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const key of places.keys()) {
    const folder = key.slice(0, Math.max(0, key.lastIndexOf('/')));
    if (isCalled(folder, 'hooks') && !key.endsWith('.sample')) folders.add(folder);
  }
  return folders;
}

function isCalled(key: string, name: string): boolean {
  return key === name || key.endsWith(`/${name}`);
}
