/* Gets archives by the code that finds those of lockfiles. */
import { projectRoot, type VerdictStore } from '@tarwarden/guard';
import { noBytes, type ArchiveFinder, type FoundArchive } from '../archives.ts';
import type { LockfileEntry } from '../plan.ts';
import type { NotInspectedReason } from '../result.ts';
import {
  ARCHIVES_MAX,
  type LockedNamedPackage,
  type NamedArchive,
  type NamedPackage,
  type NamedResult,
  unlockedEntry,
} from './named-archive.ts';
import { isGemFor, currentMachine } from './this-machine.ts';

export async function* gemArchives(
  { request, options }: NamedPackage,
  { folder, entries }: LockedNamedPackage,
): AsyncGenerator<NamedResult> {
  const { env, offline, fileName } = options;
  const { name, version: full } = request;
  const [version = '', platform] = full.split(/-(.*)/s);
  const machine = currentMachine();
  const wants = (gem: string): boolean => {
    if (fileName !== undefined) return gem === fileName;
    const gemPlatform = gem.slice(`${name}-${version}-`.length, -'.gem'.length);
    return platform === undefined ? isGemFor(machine, gemPlatform) : gemPlatform === platform;
  };
  const locked = entries.filter((entry) => wants(gemName(entry)));
  const { Gems } = await import('../ecosystems/gems/gems.ts');
  // Without an entry in the lockfile `gem install` is meant, which takes nothing from the project.
  const project = locked.length > 0 ? { folder, root: projectRoot(folder) } : NO_PROJECT;
  const gems = new Gems({ env, offline, ...project });
  const atSources = gems.sources.map((source) => {
    const url = `${source.replace(/\/?$/, '/')}gems/${name}-${full}.gem`;
    return unlockedEntry(request, {
      kind: 'gemfile-lock',
      folder,
      url,
      anyPlatform: platform === undefined,
    });
  });
  yield* archivesBy(gems, { entries: locked.length > 0 ? locked : atSources, wants });
}

const NO_PROJECT = { folder: undefined, root: '' } as const;

export async function* goArchives(
  { request, options }: NamedPackage,
  { folder, entries }: LockedNamedPackage,
): AsyncGenerator<NamedResult> {
  const { GoModules } = await import('../ecosystems/go-modules.ts');
  const { env, offline, policy } = options;
  const modules = new GoModules({ env, offline, policy, isPinned: false });
  const wantedEntries =
    entries.length > 0 ? entries.slice(0, 1) : [unlockedEntry(request, { kind: 'go-sum', folder })];
  for await (const result of archivesBy(modules, { entries: wantedEntries, wants: () => true })) {
    // The advice of an audit is to install it first, and a guard may have refused that.
    yield 'code' in result ? noBytes(result.message) : result;
  }
}

interface Wanted {
  /** Entries of a lockfile, which are all wanted; or the same package at several sources, of which the first counts that has it. */
  readonly entries: readonly LockfileEntry[];
  readonly wants: (fileName: string) => boolean;
}

export async function* archivesBy(
  finder: ArchiveFinder,
  { entries, wants }: Wanted,
): AsyncGenerator<NamedResult> {
  const seenNames = new Set<string>();
  const context = {
    store: NO_STORE,
    report: () => undefined,
    // An index lists the gem for every platform beside the others.
    wants: (fileName: string) => !seenNames.has(fileName) && wants(fileName),
  };
  let failure: NotInspectedReason | undefined;
  let count = 0;
  for (const entry of entries) {
    const before = count;
    // If a source has other bytes than the lockfile pins, these are shown, with a note that they are others.
    const isLocked = entry.lockfile !== undefined && entry.locked.integrity !== undefined;
    for (const tried of isLocked ? [entry, unpinned(entry)] : [entry]) {
      // oxlint-disable-next-line no-await-in-loop -- the next is asked if this one has nothing
      for await (const result of finder.findArchives(tried, context)) {
        if ('code' in result) failure ??= result;
        if (!('content' in result)) continue;
        const archive = archiveOf(result, { entry, isPinned: tried === entry });
        seenNames.add(archive.fileName);
        const isWanted = wants(archive.fileName);
        if (!isWanted || count === ARCHIVES_MAX) {
          archive.dispose?.();
          continue;
        }
        count += 1;
        yield archive;
      }
      if (count > before) break;
    }
    if (count > 0 && entry.lockfile === undefined) return;
  }
  if (count === 0) yield failure ?? noBytes('no source has it for this machine');
}

function archiveOf(
  { content, format, expected = {}, from, address, dispose }: FoundArchive,
  { entry, isPinned }: { readonly entry: LockfileEntry; readonly isPinned: boolean },
): NamedArchive {
  const { locked, location, lockfile } = entry;
  const { fileName = fileNameOf(entry) } = expected;
  const isOfEntry = fileName === fileNameOf(entry) && locked.integrity !== undefined;
  return {
    content,
    fileName,
    format,
    expected,
    from,
    address,
    dispose,
    ...(locked.claim !== undefined && { claims: [locked.claim] }),
    ...(isOfEntry && lockfile !== undefined && { locked: { ...location, isSame: isPinned } }),
  };
}

function unpinned(entry: LockfileEntry): LockfileEntry {
  const { integrity: _, ...locked } = entry.locked;
  return { ...entry, locked };
}

function fileNameOf(entry: LockfileEntry): string {
  const { ecosystem, name, version } = entry.locked;
  if (ecosystem === 'rubygems') return gemName(entry);
  const base = name.slice(name.lastIndexOf('/') + 1);
  return ecosystem === 'npm' ? `${base}-${version}.tgz` : `${base}@${version}.zip`;
}

function gemName({ locked: { name, version } }: LockfileEntry): string {
  return `${name}-${version}.gem`;
}

/** Remembers nothing: the bytes are wanted, and not a verdict on them. */
const NO_STORE: VerdictStore = {
  directory: undefined,
  get: () => undefined,
  put: () => undefined,
  getLink: () => undefined,
  putLink: () => undefined,
  flush: () => undefined,
  flushSoon: () => undefined,
};
