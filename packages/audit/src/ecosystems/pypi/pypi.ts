/*
 * Finds wheels and sdists. pylock.toml says where each file is. A requirements file has only hashes, and the page of the project in an
 * index says which file has which hash. Indexes can list the same bytes under several names, and the name decides how a client reads
 * them. So the bytes are inspected under every name.
 */
import { basename } from 'node:path';
import type { ExpectedPackage } from '@tarwarden/core';
import { metadataFileClaim, specifierKey } from '@tarwarden/core/metadata';
import type { Claim, PackageIdentity } from '@tarwarden/core/policy';
import { quote, withoutTrailing } from '@tarwarden/core/text';
import { isNotFound, type HostReach, type NetworkSettings } from '@tarwarden/guard';
import type { LockedIndex } from '@tarwarden/clients/lockfiles';
import type { Variables } from '@tarwarden/clients/settings';
import type { LockfileEntry } from '../../plan.ts';
import type { NotInspectedReason } from '../../result.ts';
import {
  claimed,
  failureText,
  NO_INTEGRITY,
  noBytes,
  OFFLINE,
  otherBytes,
  type ArchiveFinder,
  type ClaimsFor,
  type FindContext,
  type FindResult,
  localArchive,
} from '../../archives.ts';
import { downloadArchive, fetchPage, hasAll, networkOf, sha256Of } from '../download.ts';
import { indexesFor, PipCredentials, pipConfig, type PipConfig } from './indexes.ts';
import {
  ACCEPT,
  distributionFormatOf,
  filesOnPage,
  isOfVersion,
  isPlainFileName,
  lastPart,
  normalisedName,
  PAGE_BYTES_MAX,
  indexPage,
  type IndexPage,
  type PypiIndexFile,
} from './simple-index.ts';

export interface PypiOptions {
  readonly env: Variables;
  readonly offline: boolean;
  /** The folder of the whole project. Empty if there is no project. */
  readonly root: string;
  readonly reach?: HostReach;
}

interface WantedFile {
  readonly fileName: string;
  readonly url: string;
  readonly integrity: string;
  readonly expected: ExpectedPackage;
  /** The file has no hash in the index, and is used only if it has that of the lockfile. */
  readonly isOptional?: boolean | undefined;
}

export class Pypi implements ArchiveFinder {
  /** pylock.toml does not name the indexes, and these often have their files at another host. */
  readonly isLenient = true;
  readonly #options: PypiOptions;
  readonly #config: PipConfig;
  readonly #credentials: PipCredentials;
  readonly #network: NetworkSettings;
  /** The last pages by address, so that a page with many hashes is fetched once. */
  readonly #pages = new Map<string, Promise<IndexPage>>();

  /** @throws TarwardenError if a settings file cannot be read. */
  constructor(options: PypiOptions) {
    this.#options = options;
    this.#config = pipConfig(options.env);
    this.#credentials = new PipCredentials(this.#config, options.env);
    const { cert: ca, proxy } = this.#config;
    this.#network = networkOf(options.env, { ca, proxy, reach: options.reach });
  }

  knowsHost(url: URL): boolean {
    return this.#credentials.knowsHost(url);
  }

  async *findArchives(entry: LockfileEntry, context: FindContext): AsyncGenerator<FindResult> {
    const { name, version, source, integrity } = entry.locked;
    if (integrity?.type !== 'sri') return yield NO_INTEGRITY;
    const about = { ...(name !== '' && { name }), ...(version !== '' && { version }) };
    const sri = integrity.value;
    if (source.type === 'file') return yield this.#local(entry, { sri, about });
    if (source.type !== 'registry' && source.type !== 'url')
      return yield noBytes('it is not an archive');
    if (source.url !== undefined) {
      if (!URL.canParse(source.url)) return yield noBytes('its address cannot be read');
      const fileName = lastPart(new URL(source.url));
      const expected = { ...about, fileName };
      const wantedFile = { fileName, url: source.url, integrity: sri, expected };
      return yield (await this.#archive(wantedFile, context))!;
    }
    const indexes = indexesFor(entry.indexes ?? [], this.#config);
    if ('error' in indexes) return yield indexes.error;
    const link = `pypi-files:${JSON.stringify([indexes.urls, normalisedName(name), sri])}`;
    if (this.#options.offline) return yield* this.#rememberedFiles(link, { sri, about }, context);
    yield* this.#listedFiles(entry.locked, { sri, about, link, indexes: indexes.urls }, context);
  }

  /** A file in the project. The lockfile may have several hashes for it. */
  #local(entry: LockfileEntry, { sri, about }: PinnedFile): FindResult {
    const { source } = entry.locked;
    const file = localArchive(entry, this.#options.root);
    if ('code' in file) return file;
    if (!hasAll(file.content, sri))
      return noBytes('the file has one hash of the lockfile, and not another');
    const path = source.type === 'file' ? source.path : '';
    const fileName = basename(path.replaceAll('\\', '/'));
    const expected = { ...about, fileName };
    return { ...file, format: distributionFormatOf(fileName), expected };
  }

  /** The files of a version that the indexes list, and why one of these could not be asked. */
  async filesOf(
    { name, version }: PackageIdentity,
    lockedIndexes: readonly LockedIndex[],
  ): Promise<{ readonly files: readonly PypiIndexFile[]; readonly failure?: NotInspectedReason }> {
    const indexes = indexesFor(lockedIndexes, this.#config);
    if ('error' in indexes) return { files: [], failure: indexes.error };
    const { pages, failure } = await this.#pagesOf(normalisedName(name), indexes.urls);
    const pageFiles = pages.flatMap(({ files }) => files);
    const files = pageFiles.filter(({ fileName }) => isOfVersion(fileName, { name, version }));
    return { files, ...(failure !== undefined && { failure }) };
  }

  /** Downloads a file that an index lists. */
  download<Other extends NotInspectedReason | undefined>(
    { fileName, url, hashes }: Pick<PypiIndexFile, 'fileName' | 'url' | 'hashes'>,
    ifOther: (address: string) => Other,
  ): ReturnType<typeof downloadArchive<Other>> {
    const options = {
      url,
      fileName,
      authorizationFor: (to: URL) => this.#credentials.authorizationFor(to, url),
      settings: this.#network,
      integrity: hashes.length === 0 ? undefined : hashes.join(' '),
    };
    return downloadArchive(options, ifOther);
  }

  /** An index may list more files than before, so the remembered files count only with --offline. */
  *#rememberedFiles(
    link: string,
    { sri, about }: PinnedFile,
    { store }: FindContext,
  ): Generator<FindResult> {
    const names = namesInLink(store.getLink(link));
    const results = names.flatMap((fileName) => {
      const expected = { ...about, fileName };
      const key = { integrity: sri, format: distributionFormatOf(fileName), expected };
      const remembered = sri.includes(' ') ? undefined : store.get(key);
      return remembered === undefined ? [] : [{ remembered, fileName, expected }];
    });
    if (results.length === 0 || results.length < names.length) return yield OFFLINE_INDEX;
    yield* results;
  }

  async *#listedFiles(
    { name, version }: LockfileEntry['locked'],
    { sri, about, link, indexes }: ListedFile,
    context: FindContext,
  ): AsyncGenerator<FindResult> {
    const { pages, failure } = await this.#pagesOf(normalisedName(name), indexes);
    const filesByName = new Map<string, PypiIndexFile>();
    const add = (file: PypiIndexFile): void => {
      if (!filesByName.has(file.fileName)) filesByName.set(file.fileName, file);
    };
    for (const { byHash } of pages) for (const file of byHash.get(sri) ?? []) add(file);
    // pip also takes a file without a hash in the index, if the file has a hash of the lockfile.
    const possible = pages
      .flatMap((page) => page.unhashed)
      .filter(
        (file) => !filesByName.has(file.fileName) && isOfVersion(file.fileName, { name, version }),
      );
    const optional = possible.slice(0, UNHASHED_MAX).map((file) => ({ ...file, isOptional: true }));
    const inspected: string[] = [];
    let isComplete = failure === undefined;
    for (const file of [...filesByName.values(), ...optional]) {
      const { fileName, url } = file;
      const expected = { ...about, fileName };
      const wantedFile = {
        fileName,
        url,
        integrity: sri,
        expected,
        isOptional: 'isOptional' in file,
      };
      // oxlint-disable-next-line no-await-in-loop -- each is as large as an archive may be
      const result = await this.#archive(wantedFile, context);
      if (result === undefined) continue;
      if ('code' in result) isComplete = false;
      inspected.push(fileName);
      yield claimed(
        result,
        pypiClaims(file, async (at) => (await this.#get(at)).bytes),
      );
    }
    if (possible.length > UNHASHED_MAX) yield TOO_MANY_UNHASHED;
    else if (failure !== undefined) yield failure;
    else if (inspected.length === 0) yield NO_FILE;
    else if (isComplete) context.store.putLink(link, JSON.stringify(inspected));
  }

  /** The pages of a project in all indexes, because pip takes a file from any of them; and why a page could not be fetched. */
  async #pagesOf(
    name: string,
    indexes: readonly string[],
  ): Promise<{ readonly pages: readonly IndexPage[]; readonly failure?: NotInspectedReason }> {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
      return { pages: [], failure: noBytes('no package can have this name') };
    const pages: IndexPage[] = [];
    let failure: unknown;
    for (const index of indexes) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- an index is not asked faster than a client asks it
        pages.push(await this.#page(`${withoutTrailing(index, '/')}/${name}/`));
      } catch (error) {
        if (!isNotFound(error)) failure ??= error;
      }
    }
    if (failure === undefined) return { pages };
    const remedy = 'look whether the index is the one that has it, and can be reached';
    return { pages, failure: noBytes(failureText(failure), remedy) };
  }

  #page(url: string): Promise<IndexPage> {
    let page = this.#pages.get(url);
    if (page === undefined) {
      page = this.#fetchPage(url);
      this.#pages.set(url, page);
      // The entries of one package follow each other, so older pages are not needed any more.
      if (this.#pages.size > PAGES_MAX) this.#pages.delete(this.#pages.keys().next().value!);
    }
    return page;
  }

  async #fetchPage(address: string): Promise<IndexPage> {
    const { bytes, type, url } = await this.#get(address, ACCEPT);
    return indexPage(filesOnPage(bytes, { type, url }));
  }

  #get(address: string, accept?: string): ReturnType<typeof fetchPage> {
    return fetchPage({
      url: address,
      ...(accept !== undefined && { accept }),
      authorizationFor: (to) => this.#credentials.authorizationFor(to, address),
      settings: this.#network,
      bytesMax: PAGE_BYTES_MAX,
    });
  }

  /** Undefined if an optional file has other bytes. */
  async #archive(wantedFile: WantedFile, context: FindContext): Promise<FindResult | undefined> {
    const { fileName, url, integrity, expected, isOptional = false } = wantedFile;
    if (!isPlainFileName(fileName))
      return noBytes(`${quote(fileName)}, as which a client may get it, is not the name of a file`);
    const format = distributionFormatOf(fileName);
    const sha256 = integrity.split(' ').find((hash) => hash.startsWith('sha256-')) ?? integrity;
    const key = { integrity: sha256, format, expected };
    const isKnown = integrity === sha256 && !isOptional;
    const remembered = isKnown ? context.store.get(key) : undefined;
    if (remembered !== undefined) return { remembered, fileName, expected };
    if (this.#options.offline) return OFFLINE;
    const download = await this.download({ fileName, url, hashes: [integrity] }, (address) =>
      isOptional ? undefined : otherBytes(address, integrity, context.report),
    );
    if (download === undefined || 'code' in download) return download;
    const { content } = download;
    const ownKey = typeof content === 'string' ? key : { ...key, integrity: sha256Of(content) };
    return { ...download, format, expected, key: ownKey };
  }
}

interface PinnedFile {
  readonly sri: string;
  readonly about: ExpectedPackage;
}

interface ListedFile extends PinnedFile {
  readonly link: string;
  readonly indexes: readonly string[];
}

function namesInLink(text: string | undefined): readonly string[] {
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

/** Pages that are kept. Fewer packages are inspected at once. */
const PAGES_MAX = 64;

/** This many files without a hash are downloaded for one hash of a lockfile. */
const UNHASHED_MAX = 32;

const TOO_MANY_UNHASHED = noBytes(
  `the index lists more than ${UNHASHED_MAX} files of this version without a hash, of which a client may take any`,
);

const NO_FILE = noBytes(
  'no file of the index has this hash',
  'look whether the file was removed from the index, or is in another one: name that by PIP_EXTRA_INDEX_URL',
);

const OFFLINE_INDEX = noBytes('not inspected before, and --offline was given', OFFLINE.remedy);

/**
 * The claims of a Simple API about a file: `requires-python` on the page, and the metadata file beside a wheel (PEP 658).
 *
 * @param fetch Fetches the metadata file. Only called if the page has no SHA-256 of it, or not that of METADATA in the wheel.
 */
function pypiClaims(file: PypiIndexFile, fetch: (url: string) => Promise<Buffer>): ClaimsFor {
  return async ({ manifest }) => {
    const claims = pageClaims(file);
    const { metadata } = file;
    if (metadata === undefined || metadata === manifest?.declares?.['document']) return claims;
    try {
      const bytes = await fetch(metadataAddress(file));
      return [...claims, metadataFileClaim(bytes, 'the metadata file of the index')];
    } catch (error) {
      // The index does not have the file, so there is nothing to compare.
      if (isNotFound(error)) return claims;
      return noBytes(
        `the metadata file that its index offers could not be compared: ${failureText(error)}`,
      );
    }
  };
}

function pageClaims({ requiresPython }: PypiIndexFile): Claim[] {
  if (requiresPython === undefined) return [];
  const says = { python: specifierKey(requiresPython) };
  return [{ ecosystem: 'pypi', by: 'the page of the index', says }];
}

function metadataAddress({ url }: PypiIndexFile): string {
  const address = new URL(url);
  address.pathname += '.metadata';
  return address.href;
}
