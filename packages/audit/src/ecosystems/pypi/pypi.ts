/*
 * Wheels and sdists. pylock.toml says where each file is. A requirements file has hashes alone, each of one of the files that a release has: the
 * page of the project in an index says which. Whatever says it, the hash decides.
 */
import type { ExpectedPackage } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { fetchArchive, isNotFound, type NetworkSettings } from '@tarwarden/host';
import type { Entry } from '../../plan.ts';
import type { Variables } from '../../settings/settings.ts';
import {
  noBytes,
  noIntegrity,
  OFFLINE,
  otherBytes,
  type Archives,
  type Asked,
  type Found,
} from '../archives.ts';
import { downloadArchive, RETRIES, sha256Of } from '../download.ts';
import { networkOf } from '../network.ts';
import { indexesFor, PipCredentials } from './indexes.ts';
import { pipConfig, type PipConfig } from './pip-config.ts';
import {
  ACCEPT,
  filesOf,
  isFileName,
  lastPart,
  normalisedName,
  PAGE_BYTES_MAX,
  type IndexedFile,
} from './simple-index.ts';

export interface PypiOptions {
  readonly env: Variables;
  readonly offline: boolean;
}

/** Milliseconds for each try of a page. */
const PAGE_TIME_LIMIT = 120_000;

/** What is known of a file before it is there. */
interface Wanted {
  readonly fileName: string;
  readonly url: string;
  readonly integrity: string;
  readonly expected: ExpectedPackage;
}

export class Pypi implements Archives {
  /** Indexes are named in other files than pylock.toml, and often have their files elsewhere. */
  readonly isLenient = true;
  readonly #options: PypiOptions;
  readonly #config: PipConfig;
  readonly #credentials: PipCredentials;
  readonly #network: NetworkSettings;
  /** By address: files by hash, of the last pages; each is asked once, however many hashes it is asked about. */
  readonly #pages = new Map<string, Promise<ReadonlyMap<string, IndexedFile>>>();

  /** @throws TarwardenError where a file of settings cannot be read. */
  constructor(options: PypiOptions) {
    this.#options = options;
    this.#config = pipConfig(options.env);
    this.#credentials = new PipCredentials(this.#config, options.env);
    const { cert: ca, proxy } = this.#config;
    this.#network = networkOf(options.env, { ca, proxy });
  }

  hostOf(url: string): { host: string; known: boolean } {
    return this.#credentials.hostOf(url);
  }

  async find(entry: Entry, asked: Asked): Promise<Found> {
    const { name, version, source, integrity } = entry.locked;
    if (integrity?.type !== 'sri') return noIntegrity();
    const about = { ...(name !== '' && { name }), ...(version !== '' && { version }) };
    const sri = integrity.value;
    if (source.type !== 'registry' && source.type !== 'url') return noBytes('it is no archive');
    if (source.url !== undefined) {
      if (!URL.canParse(source.url)) return noBytes('its address cannot be read');
      const fileName = lastPart(new URL(source.url));
      const expected = { ...about, fileName };
      return this.#archive({ fileName, url: source.url, integrity: sri, expected }, asked);
    }
    const indexes = indexesFor(entry.indexes ?? [], this.#config);
    if ('error' in indexes) return indexes.error;
    // Another index may call the same bytes otherwise, and so have them read as another format.
    const asking = JSON.stringify([indexes.urls, normalisedName(name), sri]);
    const link = `pypi-file:${asking}`;
    const known = asked.store.getLink(link);
    if (known !== undefined) {
      const remembered = this.#remembered(known, { sri, about }, asked);
      if (remembered !== undefined)
        return { remembered, fileName: known, expected: { ...about, fileName: known } };
    }
    const file = await this.#fileOf(normalisedName(name), sri, indexes.urls);
    if ('code' in file) return file;
    const { fileName, url } = file;
    asked.store.putLink(link, fileName);
    return this.#archive(
      { fileName, url, integrity: sri, expected: { ...about, fileName } },
      asked,
    );
  }

  #remembered(
    fileName: string,
    { sri, about }: { readonly sri: string; readonly about: ExpectedPackage },
    { store }: Asked,
  ) {
    const expected = { ...about, fileName };
    return sri.includes(' ')
      ? undefined
      : store.get({ integrity: sri, format: formatOf(fileName), expected });
  }

  /** The file that has this hash, of the first index that has it. */
  async #fileOf(
    name: string,
    sri: string,
    indexes: readonly string[],
  ): Promise<IndexedFile | Extract<Found, { code: unknown }>> {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return noBytes('no package can have this name');
    if (this.#options.offline) return OFFLINE_INDEX;
    let failure: unknown;
    for (const index of indexes) {
      const url = `${index.replace(/\/*$/, '/')}${name}/`;
      try {
        // oxlint-disable-next-line no-await-in-loop -- the next is asked where this one has it not
        const found = (await this.#page(url)).get(sri);
        if (found !== undefined) return found;
      } catch (error) {
        if (failure === undefined || !isNotFound(error)) failure = error;
      }
    }
    if (failure === undefined) return NO_FILE;
    const why = printable(redactUrl((failure as Error).message), 2048);
    return noBytes(why, 'look whether the index is the one that has it, and can be reached');
  }

  #page(url: string): Promise<ReadonlyMap<string, IndexedFile>> {
    let page = this.#pages.get(url);
    if (page === undefined) {
      page = this.#fetchPage(url);
      this.#pages.set(url, page);
      // Entries of one package follow each other: what is not asked about any more need not be kept.
      if (this.#pages.size > PAGES_MAX) this.#pages.delete(this.#pages.keys().next().value!);
    }
    return page;
  }

  async #fetchPage(address: string): Promise<ReadonlyMap<string, IndexedFile>> {
    const { bytes, type, url } = await fetchArchive({
      url: address,
      accept: ACCEPT,
      authorizationFor: (to) => this.#credentials.authorizationFor(to, address),
      settings: { ...RETRIES, ...this.#network },
      timeLimit: PAGE_TIME_LIMIT,
      bytesMax: PAGE_BYTES_MAX,
    });
    const files = filesOf(bytes!, { type, url });
    return new Map(files.flatMap((file) => file.hashes.map((hash) => [hash, file] as const)));
  }

  async #archive(wanted: Wanted, asked: Asked): Promise<Found> {
    const { fileName, url, integrity, expected } = wanted;
    if (!isFileName(fileName)) return noBytes('its address ends in what is not the name of a file');
    const format = formatOf(fileName);
    const one = integrity.split(' ').find((hash) => hash.startsWith('sha256-')) ?? integrity;
    const key = { integrity: one, format, expected };
    const remembered = integrity === one ? asked.store.get(key) : undefined;
    if (remembered !== undefined) return { remembered, fileName, expected };
    if (this.#options.offline) return OFFLINE;
    try {
      const { content, isRight, dispose } = await downloadArchive({
        url,
        fileName,
        authorizationFor: (to) => this.#credentials.authorizationFor(to, url),
        settings: this.#network,
        integrity,
      });
      if (isRight)
        return {
          content,
          from: 'registry',
          format,
          expected,
          key: typeof content === 'string' ? key : { ...key, integrity: sha256Of(content) },
          ...(dispose !== undefined && { dispose }),
        };
      dispose?.();
      asked.report(otherBytes(redactUrl(url), integrity));
      return noBytes(`${redactUrl(url)} does not have the hash of the lockfile`);
    } catch (error) {
      return noBytes(printable(redactUrl((error as Error).message), 2048));
    }
  }
}

/** Pages that are kept: more than packages are under way at once. */
const PAGES_MAX = 64;

const NO_FILE = noBytes(
  'no file of the index has this hash',
  'look whether the file was removed from the index, or is in another one: name that by PIP_EXTRA_INDEX_URL',
);

const OFFLINE_INDEX = noBytes(
  'it was not inspected before, and nothing is downloaded with --offline',
);

function formatOf(fileName: string): 'wheel' | 'sdist' {
  return fileName.endsWith('.whl') ? 'wheel' : 'sdist';
}
