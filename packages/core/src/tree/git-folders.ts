import type { Entry } from '../containers/entry.ts';
import { Trait, Typeflag } from '../containers/entry.ts';
import type { ClaimedPath } from './file-set.ts';
import { foldedKey } from './package-path.ts';

/** A folder that git takes for a repository, whatever it is called, and why git would do what it says. */
export interface GitFolder {
  readonly entry: Entry;
  readonly problem: string;
}

/** Content of files `config` by folded key; undefined where one is longer than what is read, or was cut short. */
export type GitConfigs = ReadonlyMap<string, Buffer | undefined>;

const HEAD = 'head';
const CONFIG = 'config';

/** Lines of what `git init --bare` and `git clone --bare` write: none runs a program or leads elsewhere. */
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
 * Folders which git, in them or below, takes for a repository, and which bring more than objects and refs. One that is as git
 * makes it is not a danger, and packages have such among the files of their tests.
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

/** Folders `hooks` with more in them than the samples that git leaves there. */
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
