import type { Entry } from '../containers/entry.ts';
import { Trait, Typeflag } from '../containers/entry.ts';
import type { ClaimedPath } from './file-set.ts';
import { foldedKey } from './package-path.ts';

/** A folder of any name that git treats as a repository, and the reason why it is dangerous. */
export interface GitFolder {
  readonly entry: Entry;
  readonly problem: string;
}

/** Content of `config` files by folded key. Undefined for a file that is too long to be read, or was cut short. */
export type GitConfigs = ReadonlyMap<string, Buffer | undefined>;

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
