/* Finds tarballs of npm's registries, addresses, files and git repositories: in caches, else at the source in the lockfile. */
import type { ExpectedPackage } from '@tarwarden/core';
import { redactUrl } from '@tarwarden/core/text';
import {
  collisionFree,
  fetchCommit,
  fetchTarball,
  isNotFound,
  isWhole,
  type HostReach,
  type VerdictKey,
} from '@tarwarden/guard';
import type { LockedPackage, LockfileKind } from '@tarwarden/clients/lockfiles';
import type { LoadedSettings } from '@tarwarden/clients/settings';
import {
  failureText,
  NO_INTEGRITY,
  OFFLINE,
  type ArchiveFinder,
  type FindContext,
  type FindResult,
  type FoundArchive,
  localArchive,
} from '../../archives.ts';
import type { LockfileEntry } from '../../plan.ts';
import type { Check, NotInspectedReason } from '../../result.ts';

/** Milliseconds for each try. */
const TIME_LIMIT = 300_000;

/** Bytes of a cache that have the integrity of the lockfile. */
export type CachedTarball = Pick<FoundArchive, 'from' | 'format'> & { readonly content: Buffer };

/** A folder on disk that may have the bytes of a package. */
export interface TarballCache {
  /** Returns the bytes if the cache has them with the entry's integrity. Bytes with another integrity are reported, and not used. */
  findTarball(entry: LockfileEntry, report: (check: Check) => void): CachedTarball | undefined;
}

export interface NpmSources {
  /** In the order in which they are asked. */
  readonly caches: readonly TarballCache[];
  readonly settings: LoadedSettings;
  /** The folder of the whole project. */
  readonly root: string;
  /** Whether nothing may be downloaded. */
  readonly offline: boolean;
  /** False if the lockfile need not have an integrity. Otherwise a package without an integrity is not inspected. */
  readonly isPinned?: boolean;
  /** The hosts that this run has given up. */
  readonly reach?: HostReach;
}

export class NpmPackages implements ArchiveFinder {
  readonly #sources: NpmSources;
  readonly #kind: LockfileKind;

  /** @param kind The lockfile whose client's registries are known. */
  constructor(sources: NpmSources, kind: LockfileKind) {
    this.#sources = sources;
    this.#kind = kind;
  }

  knowsHost(url: URL): boolean {
    return this.#sources.settings.registriesFor(this.#kind).knowsHost(url);
  }

  addressOf({ locked: { source, name, version }, kind }: LockfileEntry): string | undefined {
    if (source.type === 'url') return source.url;
    if (source.type !== 'registry') return undefined;
    const registries = this.#sources.settings.registriesFor(kind);
    const url = registries.addressOf(name, version, source.url);
    return url !== undefined && URL.canParse(url) ? url : undefined;
  }

  async *findArchives(entry: LockfileEntry, context: FindContext): AsyncGenerator<FindResult> {
    yield await this.#find(entry, context);
  }

  async #find(
    entry: LockfileEntry,
    { store, report, needsBytes }: FindContext,
  ): Promise<FindResult> {
    const { locked } = entry;
    const { caches, root, offline, isPinned = true } = this.#sources;
    const expected = expectedFromLockfile(locked);
    const key = verdictKeyOf(locked);
    const remembered = needsBytes === true || key === undefined ? undefined : store.get(key);
    if (remembered !== undefined) return { remembered, expected };
    for (const cache of caches) {
      const cached = cache.findTarball(entry, report);
      if (cached !== undefined) return { ...cached, expected };
    }
    if (locked.source.type === 'file') {
      const file = localArchive(entry, root);
      if ('code' in file) return file;
      const hasHash = locked.integrity?.type === 'sri';
      return { ...file, format: 'npm', expected, ...(!hasHash && unpinned(locked, FILE_NOW)) };
    }
    // Yarn writes no checksum for packages of other platforms. All others need one.
    if (isPinned && locked.integrity === undefined && locked.conditional !== true)
      return NO_INTEGRITY;
    return offline ? OFFLINE : this.#download(entry);
  }

  async #download(entry: LockfileEntry): Promise<FindResult> {
    const { locked, kind } = entry;
    const { settings, reach } = this.#sources;
    const { integrity, source, name } = locked;
    const url = this.addressOf(entry);
    const sri = integrity?.type === 'sri' ? integrity.value : undefined;
    try {
      if (url === undefined)
        throw new Error('no registry can have a package of that name and version');
      const content = await fetchTarball({
        url,
        ...(source.type === 'registry' && { name }),
        ...(sri === undefined ? { isWhole } : { integrity: sri }),
        settings: { ...settings.registriesFor(kind).settingsFor(url), reach },
        timeLimit: TIME_LIMIT,
      });
      return {
        content,
        from: 'registry',
        address: redactUrl(url),
        format: 'npm',
        expected: expectedFromLockfile(locked),
        ...(sri === undefined && unpinned(locked, 'what its registry has now')),
      };
    } catch (error) {
      return { code: 'NO_BYTES', message: failureText(error), remedy: downloadRemedy(error) };
    }
  }
}

const FILE_NOW = 'the file as it is now';

function unpinned({ integrity }: LockedPackage, inspected: string): { readonly unpinned: string } {
  const reason =
    integrity?.type === 'yarn-zip'
      ? 'the checksum in yarn.lock is of the zip that Yarn makes, so it is not shown that these bytes are the ones'
      : 'the lockfile has no integrity for it';
  return { unpinned: `${inspected}: ${reason}` };
}

/** The advice for a download that failed. */
export function downloadRemedy(error: unknown): string {
  return isNotFound(error)
    ? 'look whether the registry that is configured has this version'
    : 'look whether the registry can be reached, and its token is in your own .npmrc; then run this again';
}

/** Only a package of a registry has to have the name and version of the lockfile. An address may have any package. */
export function expectedFromLockfile({
  name,
  version,
  source,
}: LockedPackage): ExpectedPackage | undefined {
  return source.type === 'registry' ? { name, version } : undefined;
}

/** Undefined if the lockfile has no integrity, or one with known collisions. */
function verdictKeyOf(locked: LockedPackage): VerdictKey | undefined {
  const { integrity } = locked;
  const expected = expectedFromLockfile(locked);
  const expectation = expected === undefined ? {} : { expected };
  if (integrity?.type === 'yarn-zip') {
    const digest = Buffer.from(integrity.sha512, 'hex').toString('base64');
    return { integrity: `sha512-${digest}`, format: 'yarn-zip', ...expectation };
  }
  const sri = integrity?.type === 'sri' ? collisionFree(integrity.value) : undefined;
  return sri === undefined ? undefined : { integrity: sri, format: 'npm', ...expectation };
}

/** Milliseconds for one repository. */
const REPOSITORY_TIME_LIMIT = 300_000;

/** npm's lockfiles name repositories of these hosts by ssh. The hosts serve them by https too, so an audit needs no ssh key. */
const PUBLIC = /^(?:ssh:\/\/)?git@(github\.com|gitlab\.com|bitbucket\.org)[:/](.+)$/;

const SHORT = /^(github|gitlab|bitbucket):([^#]+)$/;

const HOSTS: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
};

/**
 * A commit of a git repository, as npm, pnpm, Yarn and bun pack it: the whole tree, including files that its package.json leaves out.
 *
 * @param offline Whether nothing may be fetched.
 */
export async function fromRepository(
  locked: LockedPackage,
  offline: boolean,
): Promise<FoundArchive | NotInspectedReason> {
  const { source, ecosystem } = locked;
  if (source.type !== 'git') throw new TypeError('not a git repository');
  const { commit, folder } = source;
  const repo = repositoryAddress(source.url);
  if (ecosystem !== 'npm') return noArchive('its manager builds it of a git repository');
  if (commit === undefined)
    return noArchive('it comes from a git repository, and its entry names no commit');
  if (repo === undefined)
    return noArchive('it comes from a git repository that is not fetched by http or https');
  if (offline) return noArchive('it comes from a git repository, and --offline was given');
  try {
    const about = { repo, commit, ...(folder !== undefined && { folder }) };
    const content = await fetchCommit(about, { timeLimit: REPOSITORY_TIME_LIMIT, offline });
    return { content, from: 'git', format: 'npm', expected: expectedFromLockfile(locked) };
  } catch (error) {
    return noArchive(`its git repository cannot be read: ${failureText(error)}`);
  }
}

/** The address from which git can fetch without a key of the user. Undefined if there is none. */
function repositoryAddress(url: string): string | undefined {
  const bare = url.replace(/^git\+/, '').replace(/#.*$/s, '');
  const [, host, path] = PUBLIC.exec(bare) ?? [];
  if (host !== undefined && path !== undefined) return `https://${host}/${path}`;
  const [, name = '', short] = SHORT.exec(bare) ?? [];
  if (short !== undefined) return `https://${HOSTS[name]!}/${short}`;
  return /^https?:\/\/[^-]/.test(bare) ? bare : undefined;
}

function noArchive(message: string): NotInspectedReason {
  return {
    code: 'NO_ARCHIVE',
    message,
    remedy: 'install under the guard, which inspects what is packed',
  };
}
