/* Finds module zips in go's module cache, else at the proxies of GOPROXY. Modules that go itself would fetch from an origin are not fetched. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { goModuleHash, type Policy } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES, tarballBytesMax } from '@tarwarden/core/limits';
import { printable, printablePath, redactUrl } from '@tarwarden/core/text';
import {
  Credentials,
  downloadFolder,
  escapePath,
  matchesPatterns,
  memoryOf,
  parseProxyList,
  parseRequest,
  TOOLCHAIN,
  Upstream,
  walk,
  type ModuleProxyAnswer,
} from '@tarwarden/guard/go';
import {
  goAuthentication,
  goSettings,
  type GoSettings,
  type Variables,
} from '@tarwarden/clients/settings';
import { ByteBudget, integrityOf, type VerdictStore } from '@tarwarden/guard';
import type { LockfileEntry } from '../plan.ts';
import type { NotInspectedReason } from '../result.ts';
import {
  failureText,
  mismatch,
  noBytes,
  OFFLINE,
  otherBytes,
  readArchiveFile,
  type ArchiveFinder,
  type FindContext,
  type FindResult,
  type FoundArchive,
} from '../archives.ts';

/** Bytes of all zips that are in memory at once, and the bytes that a zip counts for before its length is known. */
const HELD_MAX = 256 * 1024 * 1024;
const HELD_AT_FIRST = HELD_MAX / 32;

export interface GoModulesOptions {
  readonly env: Variables;
  readonly offline: boolean;
  readonly policy: Policy;
  /** False if go.sum need not have a hash of a module. */
  readonly isPinned?: boolean;
}

interface Module {
  readonly path: string;
  readonly version: string;
  /** The path of the zip below a proxy, and below the cache. */
  readonly zipPath: string;
  /** Undefined if go.sum has no hash. Then any zip is taken. */
  readonly h1: string | undefined;
}

export class GoModules implements ArchiveFinder {
  readonly #options: GoModulesOptions;
  readonly #settings: GoSettings;
  readonly #upstream: Upstream;
  readonly #held = new ByteBudget(HELD_MAX);

  /** @throws TarwardenError if go does not print its settings. */
  constructor(options: GoModulesOptions) {
    this.#options = options;
    this.#settings = goSettings(options.env);
    const credentials = new Credentials(
      goAuthentication(this.#settings.GOAUTH, options.env),
      options.env,
    );
    this.#upstream = new Upstream(credentials, options.env);
  }

  /** go.sum names no address. */
  knowsHost(): boolean {
    return true;
  }

  async *findArchives(entry: LockfileEntry, context: FindContext): AsyncGenerator<FindResult> {
    yield await this.#find(entry, context);
  }

  async #find({ locked }: LockfileEntry, context: FindContext): Promise<FindResult> {
    const { name: path, version, integrity } = locked;
    const h1 = integrity?.type === 'go-h1' ? integrity.value : undefined;
    if (h1 === undefined && this.#options.isPinned !== false)
      return noBytes('go.sum has no h1: hash for it');
    const zipPath = `${escapePath(path)}/@v/${escapePath(version)}.zip`;
    if (parseRequest(zipPath)?.kind !== 'zip')
      return noBytes('no module can have this path and version');
    const module = { path, version, zipPath, h1 };
    return this.#cached(module, context) ?? (await this.#download(module, context));
  }

  /** go unpacks the zip in its cache, and compares only the note beside it with go.sum. So another zip there is an error. */
  #cached(module: Module, { store, report }: FindContext): FindResult | undefined {
    const file = join(downloadFolder(this.#settings.GOMODCACHE), module.zipPath);
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      return noBytes(`${printablePath(file)} is a link, which go follows and never makes`);
    const bytes = readArchiveFile(file);
    if (bytes === undefined) return undefined;
    const hash = this.#hashOf(bytes, store);
    if (hash === undefined || hash === (module.h1 ?? hash))
      return foundModule(module, { content: bytes, from: 'go-cache', hash });
    report(mismatch(file, 'error'));
    return undefined;
  }

  async #download(module: Module, { store, report }: FindContext): Promise<FindResult> {
    if (this.#options.offline) return OFFLINE;
    if (matchesPatterns(this.#settings.GONOPROXY, module.path)) return PRIVATE;
    const share = this.#held.share();
    try {
      await share.take(HELD_AT_FIRST);
      const list = parseProxyList(this.#settings.GOPROXY);
      const bytesMax =
        module.path === TOOLCHAIN
          ? MAX_ARCHIVE_FILE_BYTES
          : tarballBytesMax(this.#options.policy.limits);
      const reserve = memoryOf(share, HELD_AT_FIRST);
      const { status, body, source } = await walk(list, async ({ address }) => {
        if (address === 'direct' || address === 'off') return ENDS[address];
        return this.#upstream.get(address, { path: module.zipPath, bytesMax, reserve });
      });
      if (status !== 200) return notHad({ status, body, source });
      const hash = this.#hashOf(body, store);
      const sourceText = redactUrl(printablePath(source));
      if (hash === undefined || hash === (module.h1 ?? hash))
        return foundModule(module, { content: body, from: 'registry', address: sourceText, hash });
      return otherBytes(sourceText, module.h1!, report);
    } catch (error) {
      return noBytes(failureText(error));
    } finally {
      share.release();
    }
  }

  /**
   * The hash that go.sum has, which is a hash of names and contents, and not of the zip. Undefined for a zip that cannot be read to its
   * end. The verdict rejects such a zip.
   */
  #hashOf(bytes: Buffer, store: VerdictStore): string | undefined {
    const link = `go-h1:${integrityOf(bytes)}`;
    const hash = store.getLink(link) ?? goModuleHash(bytes, this.#options.policy.limits);
    if (hash !== undefined) store.putLink(link, hash);
    return hash;
  }
}

function foundModule(
  { path, version }: Module,
  {
    hash,
    ...zip
  }: Pick<FoundArchive, 'content' | 'from' | 'address'> & { readonly hash: string | undefined },
): FindResult {
  const unverified = 'its h1: hash could not be computed';
  return {
    ...zip,
    format: 'gomod',
    expected: { name: path, version },
    ...(hash === undefined && { unverified }),
  };
}

const PRIVATE = noBytes(
  'GONOPROXY or GOPRIVATE names it, so that go fetches it from its origin; no proxy is asked for it',
  'have go download it under the guard, and audit again: then it is in the module cache',
);

/** The answers of `direct` and `off`, with which a list of proxies ends. */
const ENDS: Readonly<Record<'direct' | 'off', ModuleProxyAnswer>> = {
  direct: { status: 404, body: Buffer.from(''), source: 'direct' },
  off: { status: 404, body: Buffer.from(''), source: 'off' },
};

function notHad({ status, body, source }: ModuleProxyAnswer): NotInspectedReason {
  if (source === 'direct')
    return noBytes(
      'no proxy of GOPROXY has it, and go would fetch it from its origin',
      'have go download it under the guard, and audit again: then it is in the module cache',
    );
  if (source === 'off') return noBytes('no cache has it, and GOPROXY ends with off');
  const answerText = printable(redactUrl(body.toString('utf8').split('\n', 1)[0]!), 512);
  const sourceText = redactUrl(printablePath(source));
  // If a proxy was not reached, the answer already begins with its address.
  return noBytes(
    answerText.startsWith(sourceText)
      ? answerText
      : `${sourceText} answered ${status}: ${answerText}`,
  );
}
