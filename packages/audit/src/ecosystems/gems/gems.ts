/* Finds gems in the project's vendor/cache, then in the caches of RubyGems and Bundler, else at the source that Gemfile.lock names. */
import { delimiter, join } from 'node:path';
import { gemDependencyKeys, gemEntryStatements, unsafeGemParts } from '@tarwarden/core/metadata';
import {
  isNotFound,
  isWithin,
  realAsFar,
  type HostReach,
  type NetworkSettings,
  type VerdictKey,
} from '@tarwarden/guard';
import {
  bundlerCache,
  clientContext,
  homeOf,
  readSettingsText,
  type Variables,
} from '@tarwarden/clients/settings';
import type { LockedPackage, Lockfile } from '@tarwarden/clients/lockfiles';
import { realFoldersIn } from '../../lockfile-files.ts';
import type { LockfileEntry } from '../../plan.ts';
import {
  claimed,
  failureText,
  firstRight,
  noBytes,
  OFFLINE,
  otherBytes,
  type ArchiveFinder,
  type ClaimsFor,
  type FindContext,
  type FindResult,
  type FoundArchive,
} from '../../archives.ts';
import { userFor } from '../authorization.ts';
import { downloadArchive, fetchPage, hasAll, networkOf, sha256Of } from '../download.ts';
import { BundleSettings, RUBYGEMS } from './bundle-settings.ts';

export interface GemsOptions {
  readonly env: Variables;
  readonly offline: boolean;
  /** The folder of the lockfile. Undefined if there is no project. */
  readonly folder: string | undefined;
  readonly root: string;
  readonly reach?: HostReach;
}

export class Gems implements ArchiveFinder {
  readonly #options: GemsOptions;
  readonly #bundle: BundleSettings;
  readonly #hosts: ReadonlySet<string>;
  /** The folders with gems as files. */
  readonly #folders: readonly string[];
  readonly #network: NetworkSettings;

  /** @throws TarwardenError if a settings file cannot be read. */
  constructor(options: GemsOptions) {
    const { env, folder, root, reach } = options;
    this.#options = options;
    this.#bundle = new BundleSettings(env);
    const gemfile = folder === undefined ? [] : sourcesOfGemfile(folder);
    const sources = [RUBYGEMS, ...this.#bundle.sources, ...gemfile];
    this.#hosts = new Set(sources.map((url) => new URL(url).host));
    this.#folders = [
      ...(folder === undefined ? [] : projectGemFolders(folder, root)),
      ...gemFolders(env, this.#bundle.get('path')),
    ];
    this.#network = networkOf(env, { ca: this.#bundle.get('ssl_ca_cert'), reach });
  }

  /** The sources that gem asks for a gem that no lockfile has. */
  get sources(): readonly string[] {
    const { gemSources } = this.#bundle;
    return gemSources.length === 0 ? [RUBYGEMS] : gemSources;
  }

  knowsHost({ host, hostname }: URL): boolean {
    return this.#hosts.has(host) || this.#bundle.namesHost(hostname);
  }

  async *findArchives(entry: LockfileEntry, context: FindContext): AsyncGenerator<FindResult> {
    yield claimed(await this.#find(entry, context), lockfileClaims(entry.locked));
    if (entry.locked.anyPlatform === true) yield* this.#otherPlatforms(entry, context);
  }

  /** Bundler chooses among the gems of a version when it installs, so each of them is inspected. */
  async *#otherPlatforms(entry: LockfileEntry, context: FindContext): AsyncGenerator<FindResult> {
    const { locked } = entry;
    const { name, source } = locked;
    const url = source.type === 'registry' ? source.url : undefined;
    if (this.#options.offline) return yield unlisted('nothing is asked for with --offline');
    if (url === undefined || !URL.canParse(url)) return yield unlisted('no source is named for it');
    // This name was reported already if a gem cannot have it. It must not become part of an address.
    if (unsafeGemParts({ name }).length > 0) return;
    const remote = url.slice(0, -`gems/${name}-${locked.version}.gem`.length);
    let info: string;
    try {
      info = await this.#info(remote, name);
    } catch (error) {
      return yield unlisted(failureText(error));
    }
    const { wants = () => true } = context;
    const otherGems = otherPlatformsIn(info, entry).filter(({ version }) =>
      wants(`${name}-${version}.gem`),
    );
    for (const { version, integrity, entry: indexEntry } of otherGems.slice(0, PLATFORMS_MAX)) {
      const fileName = `${name}-${version}.gem`;
      const identity = {
        name,
        version,
        source: { type: 'registry', url: `${remote}gems/${fileName}` },
      } as const;
      const { line, key } = locked;
      const otherEntry = {
        ...entry,
        locked: { ecosystem: 'rubygems', ...identity, line, key },
      } as const;
      // oxlint-disable-next-line no-await-in-loop -- each is held in memory
      yield claimed(await this.#find(otherEntry, context, integrity), indexEntryClaims(indexEntry));
    }
    if (otherGems.length > PLATFORMS_MAX)
      yield unlisted(`its source has more than ${PLATFORMS_MAX} gems of this version`);
  }

  /** The source's list of the versions of a gem. RubyGems and Bundler ask another host for those of rubygems.org. */
  async #info(remote: string, name: string): Promise<string> {
    const mirror = this.#bundle.mirrorOf(remote);
    const sourceUrl = new URL(remote);
    const index = new URL(mirror);
    if (index.host === 'rubygems.org') index.host = 'index.rubygems.org';
    const { bytes } = await fetchPage({
      url: `${index.href}info/${name}`,
      authorizationFor: (to) => this.#bundle.authorizationFor(to) ?? userFor(to, sourceUrl),
      settings: this.#network,
      bytesMax: INFO_BYTES_MAX,
    });
    return bytes.toString('utf8');
  }

  /** @param indexIntegrity The integrity in the index, if the lockfile has none. */
  async #find(
    entry: LockfileEntry,
    { store, report }: FindContext,
    indexIntegrity?: string,
  ): Promise<FindResult> {
    const { locked } = entry;
    const { name, version: full, integrity } = locked;
    const fileName = `${name}-${full}.gem`;
    const [version = '', platform = ''] = full.split(/-(.*)/s);
    if (unsafeGemParts({ name, version, platforms: [platform] }).length > 0)
      return noBytes('no gem can have this name and version');
    const about = { format: 'gem', expected: { fileName, name, version } } as const;
    const sri = integrity?.type === 'sri' ? integrity.value : undefined;
    const archive: MakeArchive = (content, from, sourceText) => ({
      content,
      from,
      ...about,
      ...gemVerdictKey(content, sri, about),
      ...(sri === undefined && { unpinned: `${sourceText}: the lockfile has no checksum for it` }),
    });
    const gem: GemRequest = { fileName, sri, archive, report };
    const knownIntegrity = sri ?? indexIntegrity;
    if (knownIntegrity?.startsWith('sha256-') === true) {
      const remembered = store.get({ integrity: knownIntegrity, ...about });
      if (remembered !== undefined) return { remembered, fileName, expected: about.expected };
    }
    const paths = this.#folders.map((folder) => join(folder, fileName));
    const cached = firstRight(paths, (bytes) => sri === undefined || hasAll(bytes, sri), report);
    return cached === undefined
      ? this.#download(locked, gem)
      : archive(cached, 'gem-cache', 'what a cache has');
  }

  async #download(
    { source }: LockfileEntry['locked'],
    { fileName, sri, archive, report }: GemRequest,
  ): Promise<FindResult> {
    const url = source.type === 'registry' ? source.url : undefined;
    if (url === undefined || !URL.canParse(url)) return NO_REMOTE;
    if (this.#options.offline) return OFFLINE;
    const remote = url.slice(0, -`gems/${fileName}`.length);
    const at = `${this.#bundle.mirrorOf(remote)}gems/${fileName}`;
    const lockedUrl = new URL(url);
    const download = await downloadArchive(
      {
        url: at,
        fileName,
        authorizationFor: (to) => this.#bundle.authorizationFor(to) ?? userFor(to, lockedUrl),
        settings: this.#network,
        integrity: sri,
        remedyFor: (error) => (isNotFound(error) ? GONE : UNREACHED),
      },
      (address) => otherBytes(address, sri!, report),
    );
    if ('code' in download) return download;
    return { ...archive(download.content, 'registry', 'what its source has now'), ...download };
  }
}

type MakeArchive = (
  content: Buffer | string,
  from: FoundArchive['from'],
  sourceText: string,
) => FoundArchive;

interface GemRequest {
  readonly fileName: string;
  readonly sri: string | undefined;
  readonly archive: MakeArchive;
  readonly report: FindContext['report'];
}

/** Guards remember gems by SHA-256. */
function gemVerdictKey(
  content: Buffer | string,
  sri: string | undefined,
  about: Omit<VerdictKey, 'integrity'>,
): Pick<FoundArchive, 'key'> {
  const integrity = typeof content === 'string' ? sri : sha256Of(content);
  return integrity === undefined ? {} : { key: { integrity, ...about } };
}

function unlisted(reason: string): FindResult {
  return noBytes(
    `Bundler may install a gem for another platform, which the lockfile does not have: ${reason}`,
    'have the lockfile name the platforms that you use, by `bundle lock --add-platform x86_64-linux`',
  );
}

const NO_REMOTE = noBytes(
  'no cache has it, and its section of Gemfile.lock does not name one server as its source',
  'install under the guard, and audit again: then it is in a cache',
);
const GONE = 'look whether the source has this version';
const UNREACHED =
  'look whether the source can be reached, and its credential is in your own configuration of Bundler; then run this again';

/** Only Ruby can read a Gemfile. So every address that is written out in one counts as a source. */
function sourcesOfGemfile(folder: string): string[] {
  const text = ['Gemfile', 'gems.rb']
    .map((name) => readSettingsText(join(folder, name), { follow: false }) ?? '')
    .join('\n');
  const urls = [...text.matchAll(/(["'])(https?:\/\/[^\s"'#]+)\1/g)].map(([, , url = '']) => url);
  return urls.filter((url) => URL.canParse(url));
}

/** Gemfile.lock repeats the dependencies in the index. Undefined if the entry is not from there. */
function lockfileClaims({ requires, line }: LockedPackage): ClaimsFor | undefined {
  if (requires === undefined) return undefined;
  const says = { dependencies: gemDependencyKeys(requires) };
  return async () => [{ ecosystem: 'rubygems', by: `Gemfile.lock (line ${line})`, says }];
}

/** @param entry The text behind the version in the compact index. */
function indexEntryClaims(entry: string): ClaimsFor {
  const { says } = gemEntryStatements(entry);
  return async () => [{ ecosystem: 'rubygems', by: 'the compact index', says }];
}

/** Ruby versions whose gems are read in one folder. */
const VERSIONS_MAX = 64;

/** The folders of the user in which RubyGems and Bundler install gems. They need not exist. */
function gemHomes(env: Variables, bundlePath: string | undefined): string[] {
  const home = homeOf(env);
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const gemPaths = [env['GEM_HOME'], ...(env['GEM_PATH'] ?? '').split(delimiter)];
  const homes = gemPaths.filter((path): path is string => path !== undefined && path !== '');
  const versioned = [
    join(home, '.gem', 'ruby'),
    join(data, 'gem', 'ruby'),
    '/var/lib/gems',
    ...(bundlePath === undefined ? [] : [join(bundlePath, 'ruby')]),
  ].flatMap(versionsIn);
  return [...new Set([...homes, ...versioned])];
}

/** The folders of the user with gems as files. They need not exist. */
function gemFolders(env: Variables, bundlePath: string | undefined): string[] {
  const bundler = join(bundlerCache(clientContext({ folder: '.', env })), 'gems');
  const shared = realFoldersIn(bundler).map((name) => join(bundler, name));
  return [...gemHomes(env, bundlePath).map((gemHome) => join(gemHome, 'cache')), ...shared];
}

/** The folders of the project with gems as files. Those to which a link leads out of the project are left out. */
function projectGemFolders(folder: string, root: string): string[] {
  const vendor = join(folder, 'vendor');
  const installed = versionsIn(join(vendor, 'bundle', 'ruby')).map((path) => join(path, 'cache'));
  return [join(vendor, 'cache'), ...installed].filter((path) =>
    isWithin(realAsFar(root), realAsFar(path)),
  );
}

function versionsIn(folder: string): string[] {
  return realFoldersIn(folder)
    .slice(0, VERSIONS_MAX)
    .map((name) => join(folder, name));
}

/* Gems of one version for several platforms, as the compact index of a source lists them: https://guides.rubygems.org/rubygems-org-compact-index-api/ */

/** Bytes of the list of a gem's versions; those of rubygems.org have up to some 2 million. */
const INFO_BYTES_MAX: number = 16 * 1024 * 1024;

/** The number of gems of one version that are inspected. Some versions are built for a dozen platforms. */
const PLATFORMS_MAX = 64;

/** Characters of a version with its platform: the name of a file cannot be longer. */
const VERSION_CHARS_MAX = 255;

interface ListedGem {
  /** With the platform: `1.16.0-x86_64-linux`. */
  readonly version: string;
  /** Subresource Integrity of the gem, where the index has it. */
  readonly integrity?: string;
  /** The text behind the version. */
  readonly entry: string;
}

/** The gems of the locked version that the lockfile does not have. Lines of any other form are skipped, as in Bundler. */
export function otherPlatformsIn(info: string, entry: LockfileEntry): ListedGem[] {
  const isOther = otherThanLocked(entry);
  const lines = info.split('\n');
  const gems = new Map<string, ListedGem>();
  for (const line of lines.slice(lines.indexOf('---') + 1)) {
    const [version = '', entryText = ''] = line.split(/ (.*)/s, 2);
    // A gem with such a long name cannot be written to a file.
    if (version.length > VERSION_CHARS_MAX) continue;
    const plain = version.replace(/-ruby$/, '');
    if (!isOther(plain)) continue;
    const sum = /(?:^|[|,])checksum:([0-9a-f]{64})(?:,|$)/.exec(entryText)?.[1];
    const integrity = sum && `sha256-${Buffer.from(sum, 'hex').toString('base64')}`;
    gems.set(plain, { version: plain, entry: entryText, ...(integrity && { integrity }) });
  }
  return [...gems.values()];
}

/** Whether a version with its platform is the locked version for another platform, or in another spelling, and the lockfile does not have it. */
function otherThanLocked(entry: LockfileEntry): (version: string) => boolean {
  const versions = lockedVersions(entry);
  const release = comparable(entry.locked.version.split('-', 1)[0]!);
  return (version) => comparable(version.split('-', 1)[0]!) === release && !versions.has(version);
}

/** The versions of a gem in the lockfile, with their platforms. */
function lockedVersions({ locked, lockfile }: LockfileEntry): ReadonlySet<string> {
  const versions = lockfile && lockfileVersions(lockfile).get(locked.name);
  return versions ?? new Set([locked.version]);
}

const versionsByLockfile = new WeakMap<Lockfile, ReadonlyMap<string, ReadonlySet<string>>>();

/** Versions of each package. Made once for a lockfile, since it can have any number of gems. */
function lockfileVersions(lockfile: Lockfile): ReadonlyMap<string, ReadonlySet<string>> {
  const cachedVersions = versionsByLockfile.get(lockfile);
  if (cachedVersions !== undefined) return cachedVersions;
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of lockfile.packages) {
    const knownVersions = versions.get(name);
    if (knownVersions === undefined) versions.set(name, new Set([version]));
    else knownVersions.add(version);
  }
  versionsByLockfile.set(lockfile, versions);
  return versions;
}

/** RubyGems takes `1.0` and `1.0.0` for the same version, and also `1.0.a` and `1.a`. */
function comparable(version: string): string {
  const segments = version.match(/\d+|[a-z]+/gi) ?? [];
  const numbers = segments.map((text) => (/^\d/.test(text) ? text.replace(/^0+(?=\d)/, '') : text));
  const significant: string[] = [];
  for (const [index, segment] of numbers.entries()) {
    const next = numbers.slice(index).find((text) => text !== '0');
    if (segment === '0' && (next === undefined || /^[a-z]/i.test(next))) continue;
    significant.push(segment);
  }
  return significant.join('.');
}
