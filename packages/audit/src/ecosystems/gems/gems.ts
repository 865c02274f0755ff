/* Gems: from the project's vendor/cache, from the caches of RubyGems and Bundler, else from the source that Gemfile.lock names. */
import { join } from 'node:path';
import { printable, printablePath, redactUrl } from '@tarwarden/core/text';
import { isNotFound, type NetworkSettings, type VerdictKey } from '@tarwarden/host';
import { readArchiveFile } from '../../bytes/read.ts';
import { mismatch } from '../../bytes/source.ts';
import type { Entry } from '../../plan.ts';
import { readSettingsText } from '../../settings/files.ts';
import type { Variables } from '../../settings/settings.ts';
import {
  noBytes,
  OFFLINE,
  otherBytes,
  type Archives,
  type Asked,
  type Found,
  type FoundArchive,
} from '../archives.ts';
import { userOf } from '../authorization.ts';
import { downloadArchive, hasAll, sha256Of } from '../download.ts';
import { networkOf } from '../network.ts';
import { BundleSettings, RUBYGEMS } from './bundle-settings.ts';
import { gemFolders, projectGemFolders } from './gem-folders.ts';
import { otherOf } from './vendored.ts';

export interface GemsOptions {
  readonly env: Variables;
  readonly offline: boolean;
  /** That of the lockfile. Without one there is no project. */
  readonly folder: string | undefined;
  readonly root: string;
}

/** As names of files: what leads out of a folder is none. */
const FULL_NAME = /^[A-Za-z0-9_][\w.+-]*$/;

export class Gems implements Archives {
  readonly #options: GemsOptions;
  readonly #bundle: BundleSettings;
  readonly #hosts: ReadonlySet<string>;
  readonly #own: readonly string[];
  readonly #shared: readonly string[];
  readonly #network: NetworkSettings;

  /** @throws TarwardenError where a file of settings cannot be read. */
  constructor(options: GemsOptions) {
    const { env, folder, root } = options;
    this.#options = options;
    this.#bundle = new BundleSettings(env);
    const gemfile = folder === undefined ? [] : sourcesOfGemfile(folder);
    const sources = [RUBYGEMS, ...this.#bundle.sources, ...gemfile];
    this.#hosts = new Set(sources.map((url) => new URL(url).host));
    this.#own = folder === undefined ? [] : projectGemFolders(folder, root);
    this.#shared = gemFolders(env, this.#bundle.get('path'));
    this.#network = networkOf(env, { ca: this.#bundle.get('ssl_ca_cert') });
  }

  hostOf(url: string): { host: string; known: boolean } {
    if (!URL.canParse(url)) return { host: url, known: false };
    const { host, hostname } = new URL(url);
    return { host, known: this.#hosts.has(host) || this.#bundle.namesHost(hostname) };
  }

  async *find(entry: Entry, asked: Asked): AsyncGenerator<Found> {
    yield await this.#find(entry, asked);
  }

  async #find(entry: Entry, { store, report }: Asked): Promise<Found> {
    const { locked } = entry;
    const { name, version: full, integrity } = locked;
    const fileName = `${name}-${full}.gem`;
    if (!FULL_NAME.test(name) || !FULL_NAME.test(fileName))
      return noBytes('no gem can have this name and version');
    const [version = ''] = full.split('-', 1);
    const about = { format: 'gem', expected: { fileName, name, version } } as const;
    const sri = integrity?.type === 'sri' ? integrity.value : undefined;
    const archive: Made = (content, from, where) => ({
      content,
      from,
      ...about,
      ...keyOf(content, sri, about),
      ...(sri === undefined && { unpinned: where }),
    });
    // What is in the project may be another one, whatever is known of the right one.
    const other = otherOf(this.#own, { entry, fileName });
    if (other !== undefined) return other;
    const own = this.#cached(this.#own, {
      fileName,
      sri,
      wrong: (path) => report(mismatch(path, true)),
    });
    if (own !== undefined) return archive(own, 'gem-cache', 'what a cache has');
    if (sri?.startsWith('sha256-') === true) {
      const remembered = store.get({ integrity: sri, ...about });
      if (remembered !== undefined) return { remembered, expected: about.expected };
    }
    const shared = this.#cached(this.#shared, {
      fileName,
      sri,
      wrong: (path) => report(mismatch(path, false)),
    });
    if (shared !== undefined) return archive(shared, 'gem-cache', 'what a cache has');
    return this.#download(locked, { fileName, sri, archive, report });
  }

  #cached(
    folders: readonly string[],
    {
      fileName,
      sri,
      wrong,
    }: { fileName: string; sri: string | undefined; wrong: (path: string) => void },
  ): Buffer | undefined {
    for (const folder of folders) {
      const path = join(folder, fileName);
      const bytes = readArchiveFile(path);
      if (bytes === undefined) continue;
      if (sri === undefined || hasAll(bytes, sri)) return bytes;
      wrong(printablePath(path));
    }
    return undefined;
  }

  async #download(
    { source }: Entry['locked'],
    {
      fileName,
      sri,
      archive,
      report,
    }: {
      readonly fileName: string;
      readonly sri: string | undefined;
      readonly archive: Made;
      readonly report: Asked['report'];
    },
  ): Promise<Found> {
    const url = source.type === 'registry' ? source.url : undefined;
    if (url === undefined || !URL.canParse(url)) return NO_REMOTE;
    if (this.#options.offline) return OFFLINE;
    const remote = url.slice(0, -`gems/${fileName}`.length);
    const at = `${this.#bundle.mirrorOf(remote)}gems/${fileName}`;
    const own = new URL(url);
    try {
      const { content, isRight, dispose } = await downloadArchive({
        url: at,
        fileName,
        authorizationFor: (to) => this.#bundle.authorizationFor(to) ?? ofLockfile(to, own),
        settings: this.#network,
        integrity: sri,
      });
      if (isRight) {
        const found = archive(content, 'registry', 'what its source has now');
        return dispose === undefined ? found : { ...found, dispose };
      }
      dispose?.();
      report(otherBytes(redactUrl(at), sri!));
      return noBytes(`${redactUrl(at)} does not have the checksum of the lockfile`);
    } catch (error) {
      const why = printable(redactUrl((error as Error).message), 2048);
      return noBytes(why, isNotFound(error) ? GONE : UNREACHED);
    }
  }
}

type Made = (content: Buffer | string, from: FoundArchive['from'], where: string) => FoundArchive;

/** Guards remember gems by SHA-256. */
function keyOf(
  content: Buffer | string,
  sri: string | undefined,
  about: Omit<VerdictKey, 'integrity'>,
): Pick<FoundArchive, 'key'> {
  const integrity = typeof content === 'string' ? sri : sha256Of(content);
  return integrity === undefined ? {} : { key: { integrity, ...about } };
}

const NO_REMOTE = noBytes(
  'no cache has it, and its section of Gemfile.lock does not name one server as its source',
  'install under the guard, and audit again: then it is in a cache',
);
const GONE = 'look whether the source has this version';
const UNREACHED =
  'look whether the source can be reached, and its credential is in your own configuration of Bundler; then run this again';

/** What a lockfile has of a user and a password is not ours, and goes where the lockfile says. */
function ofLockfile(to: URL, own: URL): string | undefined {
  if (to.origin !== own.origin || own.username === '') return undefined;
  return userOf(own);
}

/** Gemfiles name their sources in words that only Ruby understands: an address that is written out in one is a source. */
function sourcesOfGemfile(folder: string): string[] {
  const text = ['Gemfile', 'gems.rb']
    .map((name) => readSettingsText(join(folder, name), { follow: false }) ?? '')
    .join('\n');
  const found = [...text.matchAll(/(["'])(https?:\/\/[^\s"'#]+)\1/g)].map(([, , url = '']) => url);
  return found.filter((url) => URL.canParse(url));
}
