/*
 * Wheels and sdists. pylock.toml says where each file is. A requirements file has hashes alone, each of one of the files that a release has: the
 * page of the project in an index says which. Bytes can be listed under several names, of which each decides how a client reads them: every
 * name that some index has for the hash is inspected.
 */
import type { ExpectedPackage } from '@tarwarden/core';
import { printable, quote, redactUrl, withoutTrailing } from '@tarwarden/core/text';
import { fetchArchive, isNotFound, type NetworkSettings } from '@tarwarden/host';
import type { Variables } from '@tarwarden/settings';
import type { Entry } from '../../plan.ts';
import type { NotInspected } from '../../result.ts';
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
import { isOfVersion } from './file-version.ts';
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
  /** By address: the last pages; each is asked once, however many hashes it is asked about. */
  readonly #pages = new Map<string, Promise<ProjectPage>>();

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

  async *find(entry: Entry, asked: Asked): AsyncGenerator<Found> {
    const { name, version, source, integrity } = entry.locked;
    if (integrity?.type !== 'sri') return yield noIntegrity();
    const about = { ...(name !== '' && { name }), ...(version !== '' && { version }) };
    const sri = integrity.value;
    if (source.type !== 'registry' && source.type !== 'url')
      return yield noBytes('it is not an archive');
    if (source.url !== undefined) {
      if (!URL.canParse(source.url)) return yield noBytes('its address cannot be read');
      const fileName = lastPart(new URL(source.url));
      const expected = { ...about, fileName };
      return yield await this.#archive(
        { fileName, url: source.url, integrity: sri, expected },
        asked,
      );
    }
    const indexes = indexesFor(entry.indexes ?? [], this.#config);
    if ('error' in indexes) return yield indexes.error;
    const link = `pypi-files:${JSON.stringify([indexes.urls, normalisedName(name), sri])}`;
    if (this.#options.offline) return yield* this.#rememberedFiles(link, { sri, about }, asked);
    yield* this.#listedFiles(entry.locked, { sri, about, link, indexes: indexes.urls }, asked);
  }

  /** An index may list more files than it did: what is remembered of it counts only where it may not be asked. */
  *#rememberedFiles(link: string, { sri, about }: Pinned, { store }: Asked): Generator<Found> {
    const names = namesInLink(store.getLink(link));
    const found = names.flatMap((fileName) => {
      const expected = { ...about, fileName };
      const key = { integrity: sri, format: formatOf(fileName), expected };
      const remembered = sri.includes(' ') ? undefined : store.get(key);
      return remembered === undefined ? [] : [{ remembered, fileName, expected }];
    });
    if (found.length === 0 || found.length < names.length) return yield OFFLINE_INDEX;
    yield* found;
  }

  async *#listedFiles(
    { name, version }: Entry['locked'],
    {
      sri,
      about,
      link,
      indexes,
    }: Pinned & { readonly link: string; readonly indexes: readonly string[] },
    asked: Asked,
  ): AsyncGenerator<Found> {
    const { pages, failure } = await this.#pagesOf(normalisedName(name), indexes);
    const named = new Map<string, IndexedFile>();
    const add = (file: IndexedFile): void => {
      if (!named.has(file.fileName)) named.set(file.fileName, file);
    };
    for (const { byHash } of pages) for (const file of byHash.get(sri) ?? []) add(file);
    const inspected: string[] = [];
    let isTold = failure === undefined;
    for (const { fileName, url } of named.values()) {
      const expected = { ...about, fileName };
      // oxlint-disable-next-line no-await-in-loop -- each is as large as an archive may be
      const found = await this.#archive({ fileName, url, integrity: sri, expected }, asked);
      if ('code' in found) isTold = false;
      inspected.push(fileName);
      yield found;
    }
    // pip also takes a file of which the index has no hash, if it has one of those that the lockfile has.
    const unhashed = pages.flatMap((page) => page.unhashed);
    const possible = unhashed.filter(
      ({ fileName }) => !named.has(fileName) && isOfVersion(fileName, { name, version }),
    );
    for (const { fileName, url } of possible.slice(0, UNHASHED_MAX)) {
      const expected = { ...about, fileName };
      const wanted = { fileName, url, integrity: sri, expected, isOptional: true };
      // oxlint-disable-next-line no-await-in-loop -- each is as large as an archive may be
      const found = await this.#archive(wanted, asked);
      if (found === undefined) continue;
      if ('code' in found) isTold = false;
      inspected.push(fileName);
      yield found;
    }
    if (possible.length > UNHASHED_MAX) yield TOO_MANY_UNHASHED;
    else if (failure !== undefined) yield failure;
    else if (inspected.length === 0) yield NO_FILE;
    else if (isTold) asked.store.putLink(link, JSON.stringify(inspected));
  }

  /** The pages of a project in all indexes, since pip takes a file of any of them; and why one could not be had. */
  async #pagesOf(
    name: string,
    indexes: readonly string[],
  ): Promise<{ readonly pages: readonly ProjectPage[]; readonly failure?: NotInspected }> {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
      return { pages: [], failure: noBytes('no package can have this name') };
    const pages: ProjectPage[] = [];
    let failure: unknown;
    for (const index of indexes) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- an index is not asked faster than a client does
        pages.push(await this.#page(`${withoutTrailing(index, '/')}/${name}/`));
      } catch (error) {
        if (!isNotFound(error)) failure ??= error;
      }
    }
    if (failure === undefined) return { pages };
    const why = printable(redactUrl((failure as Error).message), 2048);
    const remedy = 'look whether the index is the one that has it, and can be reached';
    return { pages, failure: noBytes(why, remedy) };
  }

  #page(url: string): Promise<ProjectPage> {
    let page = this.#pages.get(url);
    if (page === undefined) {
      page = this.#fetchPage(url);
      this.#pages.set(url, page);
      // Entries of one package follow each other: what is not asked about any more need not be kept.
      if (this.#pages.size > PAGES_MAX) this.#pages.delete(this.#pages.keys().next().value!);
    }
    return page;
  }

  async #fetchPage(address: string): Promise<ProjectPage> {
    const { bytes, type, url } = await fetchArchive({
      url: address,
      accept: ACCEPT,
      authorizationFor: (to) => this.#credentials.authorizationFor(to, address),
      settings: { ...RETRIES, ...this.#network },
      timeLimit: PAGE_TIME_LIMIT,
      bytesMax: PAGE_BYTES_MAX,
    });
    return projectPage(filesOf(bytes!, { type, url }));
  }

  async #archive(wanted: Wanted, asked: Asked): Promise<Found>;
  /** Undefined where an optional one has other bytes. */
  async #archive(wanted: Wanted & Optional, asked: Asked): Promise<Found | undefined>;
  async #archive(wanted: Wanted & Partial<Optional>, asked: Asked): Promise<Found | undefined> {
    const { fileName, url, integrity, expected, isOptional = false } = wanted;
    if (!isFileName(fileName))
      return noBytes(`${quote(fileName)}, as which a client may get it, is not the name of a file`);
    const format = formatOf(fileName);
    const one = integrity.split(' ').find((hash) => hash.startsWith('sha256-')) ?? integrity;
    const key = { integrity: one, format, expected };
    const isKnown = integrity === one && !isOptional;
    const remembered = isKnown ? asked.store.get(key) : undefined;
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
      if (isOptional) return undefined;
      asked.report(otherBytes(redactUrl(url), integrity));
      return noBytes(`${redactUrl(url)} does not have the hash of the lockfile`);
    } catch (error) {
      return noBytes(printable(redactUrl((error as Error).message), 2048));
    }
  }
}

/** The hash and the identity that a lockfile gives for a file. */
interface Pinned {
  readonly sri: string;
  readonly about: ExpectedPackage;
}

/** Of a file that may have the hash or not. */
interface Optional {
  readonly isOptional: true;
}

interface ProjectPage {
  readonly byHash: ReadonlyMap<string, readonly IndexedFile[]>;
  readonly unhashed: readonly IndexedFile[];
}

function projectPage(files: readonly IndexedFile[]): ProjectPage {
  const byHash = new Map<string, IndexedFile[]>();
  for (const file of files)
    for (const hash of file.hashes) {
      const known = byHash.get(hash);
      if (known === undefined) byHash.set(hash, [file]);
      else known.push(file);
    }
  return { byHash, unhashed: files.filter(({ hashes }) => hashes.length === 0) };
}

function namesInLink(text: string | undefined): readonly string[] {
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

/** Pages that are kept: more than packages are under way at once. */
const PAGES_MAX = 64;

/** Files without a hash that are downloaded for one hash of a lockfile. */
const UNHASHED_MAX = 32;

const TOO_MANY_UNHASHED = noBytes(
  `the index lists more than ${UNHASHED_MAX} files of this version without a hash, of which a client may take any`,
);

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
