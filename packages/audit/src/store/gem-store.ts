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
import { namesIn, realFoldersIn } from '../cache/folder-entries.ts';
import { folderDifferences, listedPaths } from '../compare/differences.ts';
import { hasAll } from '../ecosystems/download.ts';
import { otherThanLocked } from '../ecosystems/gems/other-platforms.ts';
import type { LockfileEntry } from '../plan.ts';
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
  const specifications = join(home, 'specifications');
  let gemspecs: readonly string[] | undefined;
  let hasPlugins = false;
  return {
    itemsFor([entry]) {
      const { locked } = entry;
      const { ecosystem, name, version } = locked;
      if (ecosystem !== 'rubygems') return [];
      const plugins = hasPlugins ? [] : pluginItems(join(home, 'plugins'), entry);
      hasPlugins = true;
      if (locked.source.type === 'git') return [...plugins, ...checkoutItems(home, locked.source)];
      if (locked.source.type !== 'registry') return plugins;
      const [number = '', platform = ''] = version.split(/-(.*)/s);
      if (unsafeGemParts({ name, version: number, platforms: [platform] }).length > 0)
        return plugins;
      const full = `${name}-${version}`;
      const files = join(home, 'gems', full);
      const specification = join(specifications, `${full}.gemspec`);
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
      const isOther = otherThanLocked(entry);
      gemspecs ??= namesIn(specifications);
      const others = gemspecs.flatMap((file) => {
        const [, found] = file.startsWith(`${name}-`)
          ? (/^(\d.*)\.gemspec$/s.exec(file.slice(name.length + 1)) ?? [])
          : [];
        if (found === undefined || !isOther(found)) return [];
        const path = join(specifications, file);
        return [{ path, compare: () => notCompared(path, OTHER, OTHER_REMEDY) }];
      });
      return [
        ...items.filter(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined),
        ...others,
        ...plugins,
      ];
    },
  };
}

const OTHER =
  'RubyGems may take it for the locked version, and Gemfile.lock does not name this platform of the gem';
const OTHER_REMEDY = 'remove the gem, or run `bundle lock --add-platform` and `--add-checksums`';

const CHECKOUT = 'Bundler made it from a git repository, and Gemfile.lock has no hash of its files';
const CHECKOUT_REMEDY = 'remove it, so that Bundler fetches the commit again';

/** The folders that Bundler keeps of a git repository: `bundler/gems/NAME-COMMIT`, and its clone in `cache/bundler/git`. */
function checkoutItems(
  home: string,
  { url, commit }: Extract<LockedPackage['source'], { type: 'git' }>,
): StoredItem[] {
  const short = commit?.slice(0, 12);
  const base = url
    .replace(/\/+$/, '')
    .replace(/^.*[/:]/s, '')
    .replace(/\.git$/, '');
  const gems = join(home, 'bundler', 'gems');
  const clones = join(home, 'cache', 'bundler', 'git');
  return [
    ...namesIn(gems)
      .filter((file) => short === undefined || file.endsWith(`-${short}`))
      .map((file) => join(gems, file)),
    ...namesIn(clones)
      .filter((file) => file.startsWith(`${base}-`))
      .map((file) => join(clones, file)),
  ].map((path) => ({ path, compare: () => notCompared(path, CHECKOUT, CHECKOUT_REMEDY) }));
}

const PLUGIN = /^require_relative '\.\.\/gems\/([^/'\\]+)\/(?:[^/'\\]+\/)*rubygems_plugin\.rb'\s*$/;

/** RubyGems runs every file in `plugins`, whatever the lockfile has. It writes there only the path of a file in a gem. */
function pluginItems(folder: string, { locked, lockfile }: LockfileEntry): StoredItem[] {
  const packages = lockfile?.packages ?? [locked];
  const gems = new Set(packages.map(({ name, version }) => `${name}-${version}`));
  return namesIn(folder).map((file) => {
    const path = join(folder, file);
    const compare = (): StoredOutcome => {
      const wrong = wrongKind(path, 'file', 'RubyGems');
      if (wrong !== undefined) return wrong;
      return guarded(path, () => {
        const { bytes } = readBounded(path, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
        const [text = '', gem = ''] = PLUGIN.exec(bytes?.toString('utf8') ?? '') ?? [];
        if (gem === '' || text.includes('/../', "require_relative '../".length))
          return differing(path, 'is not a plugin that RubyGems writes, and RubyGems runs it');
        return gems.has(gem) ? SAME : notCompared(path, NO_PLUGIN, PLUGIN_REMEDY);
      });
    };
    return { path, compare };
  });
}

const NO_PLUGIN = 'RubyGems runs this plugin, and no lockfile names its gem';
const PLUGIN_REMEDY = 'remove the gem from the folder';

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
