/*
 * Folders of installed gems (GEM_HOME, `vendor/bundle`). RubyGems and Bundler use an installed gem without looking at its archive: the files
 * in `gems`, the program in `specifications`, and what was compiled, in `extensions`.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { unsafeGemParts } from '@tarwarden/core/metadata';
import { readBounded } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { readArchiveFile } from '../bytes/read.ts';
import { realFoldersIn } from '../cache/folder-entries.ts';
import { folderDifferences, listedPaths } from '../compare/differences.ts';
import { hasAll } from '../ecosystems/download.ts';
import { gemspecProblem } from './installed-gemspec.ts';
import {
  compareFolder,
  differing,
  guarded,
  notCompared,
  SAME,
  wrongKind,
  type ClientStore,
  type KnownArchive,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

/** Files that a compiler and mkmf leave. */
const MADE =
  /(?:^|\/)(?:Makefile|mkmf\.log|gem_make\.out|gem\.build_complete|[^/]+\.(?:o|so|bundle|dll|a|la|lo|time|log))$/;

/** RubyGems makes the commands of a gem executable. */
const isCommand = (path: string): boolean => /^(?:bin|exe)\//.test(path);

/** @param home A folder with `gems` and `specifications`. */
export function gemStore(home: string): ClientStore {
  return {
    itemsFor([{ locked }]) {
      const { ecosystem, name, version } = locked;
      if (ecosystem !== 'rubygems' || locked.source.type !== 'registry') return [];
      const [number = '', platform = ''] = version.split(/-(.*)/s);
      if (unsafeGemParts({ name, version: number, platforms: [platform] }).length > 0) return [];
      const full = `${name}-${version}`;
      const files = join(home, 'gems', full);
      const specification = join(home, 'specifications', `${full}.gemspec`);
      const archive = join(home, 'cache', `${full}.gem`);
      const extensions = extensionsOf(home, full);
      const items: StoredItem[] = [
        {
          path: files,
          client: 'gem',
          compare: (archives) => compareFiles(files, { extensions, archives }),
        },
        {
          path: specification,
          compare: () => compareSpecification(specification, { name, version: number }),
        },
        { path: archive, compare: () => compareArchive(archive, locked) },
        ...extensions.map((path) => ({ path, compare: () => notCompared(path, BUILT, REMEDY) })),
      ];
      return items.filter(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
    },
  };
}

const BUILT = 'extconf.rb or a compiler made it on some machine, and no archive has it';
const REMEDY =
  'run `gem pristine --extensions`, or remove the gem, so that it is built on this machine';

/** `extensions/x86_64-linux/3.3.0/NAME-VERSION`. */
function extensionsOf(home: string, full: string): string[] {
  const root = join(home, 'extensions');
  return realFoldersIn(root).flatMap((platform) =>
    realFoldersIn(join(root, platform)).flatMap((abi) => {
      const path = join(root, platform, abi, full);
      return lstatSync(path, { throwIfNoEntry: false }) === undefined ? [] : [path];
    }),
  );
}

function compareFiles(
  path: string,
  {
    extensions,
    archives,
  }: { readonly extensions: readonly string[]; readonly archives: readonly KnownArchive[] },
): StoredOutcome {
  const outcome = compareFolder({ path, client: 'gem', skip: () => false, isCommand }, archives);
  const files = archives[0]?.treeFor('gem')?.files;
  if (outcome.checks.length === 0 || extensions.length === 0 || files === undefined) return outcome;
  return guarded(path, () => {
    const added = folderDifferences(files, path, () => false).added.filter((at) => MADE.test(at));
    const made = new Set(added);
    const rest = compareFolder(
      { path, client: 'gem', skip: (at) => made.has(at), isCommand },
      archives,
    );
    return rest === SAME
      ? notCompared(path, `a compiler made files in it: ${listedPaths(added)}`, REMEDY)
      : rest;
  });
}

function compareSpecification(
  path: string,
  gem: { readonly name: string; readonly version: string },
): StoredOutcome {
  const wrong = wrongKind(path, 'file', 'RubyGems');
  if (wrong !== undefined) return wrong;
  return guarded(path, () => {
    const { bytes } = readBounded(path, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
    if (bytes === undefined) return differing(path, 'is larger than any gemspec');
    const problem = gemspecProblem(bytes.toString('utf8'), gem);
    return problem === undefined ? SAME : differing(path, problem);
  });
}

function compareArchive(path: string, { integrity }: LockedPackage): StoredOutcome {
  const wrong = wrongKind(path, 'file', 'RubyGems');
  if (wrong !== undefined) return wrong;
  // Without a checksum, the comparison of the files says so.
  if (integrity?.type !== 'sri') return SAME;
  const bytes = readArchiveFile(path);
  return bytes !== undefined && hasAll(bytes, integrity.value)
    ? SAME
    : differing(path, 'does not have the checksum of Gemfile.lock');
}
