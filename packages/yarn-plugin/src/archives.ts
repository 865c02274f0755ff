import { webcrypto } from 'node:crypto';
import { promises, readFileSync, statSync } from 'node:fs';
import type { Cache, Locator } from '@yarnpkg/core';
import { npath, type PortablePath } from '@yarnpkg/fslib';
import type { Fetches } from './fetches.ts';
import type { Guard, Remember } from './guard.ts';
import type { Guards } from './guards.ts';
import type { YarnSubject } from './subject.ts';
import type { Tarballs } from './tarballs.ts';

type FetchFromCache = Cache['fetchPackageFromCache'];
type Loader = NonNullable<Parameters<FetchFromCache>[2]['loader']>;

/** Inspects every archive: a fresh one before Yarn stores it, a stored one before Yarn uses it. */
export class Archives {
  readonly #guards: Guards;
  readonly #fetches: Fetches;
  readonly #tarballs: Tarballs;
  /** Archives inspected in this process, by path and the facts of the file. */
  readonly #inspectedFiles = new Set<string>();

  constructor(state: {
    readonly guards: Guards;
    readonly fetches: Fetches;
    readonly tarballs: Tarballs;
  }) {
    this.#guards = state.guards;
    this.#fetches = state.fetches;
    this.#tarballs = state.tarballs;
  }

  async fetch(
    cache: Cache,
    [locator, expectedChecksum, options]: Parameters<FetchFromCache>,
    proceed: FetchFromCache,
  ): ReturnType<FetchFromCache> {
    const { configuration } = cache;
    const guard = await this.#guards.for(configuration);
    const subject = this.#guards.words.subject(locator, configuration);
    const yarnLoader = options.loader;
    const loader =
      yarnLoader && (() => this.#fetches.during(locator, configuration, async () => yarnLoader()));
    const mirror = mirrorToCopy(cache, locator, expectedChecksum);
    if (mirror !== null) await this.#inspectKept(guard, subject, { file: mirror, loader });
    const hashes = computesHash(cache, options, locator);
    const demanded = hashes ? hashDemanded(cache, expectedChecksum) : undefined;
    let remember: Remember | undefined;
    const inspecting = async (load: Loader): ReturnType<Loader> => {
      const isKnown = demanded !== undefined && guard.knowsBefore(demanded, subject);
      const knownSha512 = isKnown ? demanded : undefined;
      const expected =
        demanded === undefined || cache.check ? undefined : { demanded, known: knownSha512 };
      const archive = await this.#fetches.during(
        locator,
        configuration,
        async () => load(),
        expected,
      );
      const fresh = { archive, hashed: !hashes, demanded, known: knownSha512 };
      remember = await this.#inspectFresh(guard, subject, fresh);
      return archive;
    };
    const result = await proceed(locator, expectedChecksum, {
      ...options,
      ...(yarnLoader && { loader: () => inspecting(yarnLoader) }),
    });
    const [packageFs, releaseFs, checksum] = result;
    try {
      const storedSha512 = hashes ? hashIn(checksum) : undefined;
      if (storedSha512 !== undefined) remember?.(storedSha512);
      await this.#inspectKept(guard, subject, {
        file: packageFs.getRealPath(),
        loader,
        known: storedSha512,
      });
    } catch (error) {
      releaseFs();
      throw error;
    }
    return result;
  }

  async #inspectFresh(
    guard: Guard,
    subject: YarnSubject,
    fresh: {
      archive: Awaited<ReturnType<Loader>>;
      hashed: boolean;
      demanded: string | undefined;
      known: string | undefined;
    },
  ): Promise<Remember | undefined> {
    const { archive, hashed, demanded, known: knownSha512 } = fresh;
    const path = archive.getRealPath();
    const tarball = await this.#tarballs.behind(path, guard, subject, knownSha512);
    if (tarball === undefined && subject.hasTarball) {
      throw await this.#guards.notInspected(
        subject,
        'Yarn made an archive of a tarball that was never seen',
      );
    }
    const { sha512: from, archive: made } = tarball ?? {};
    // The guard has written the file that is demanded. Yarn would write the same one again.
    if (made !== undefined) archive.discardAndClose();
    else archive.saveAndClose();
    // Yarn would save it again, but the inspected file must not change.
    archive.saveAndClose = () => undefined;
    const file = npath.fromPortablePath(path);
    return guard.freshArchive(file, subject, { from, hashed, demanded, made });
  }

  async #inspectKept(
    guard: Guard,
    subject: YarnSubject,
    stored: { file: PortablePath; loader: Loader | undefined; known?: string | undefined },
  ): Promise<void> {
    const file = npath.fromPortablePath(stored.file);
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    // Yarn has not stored it yet, or it is the empty package that Yarn makes in memory for another platform.
    if (stat === undefined) return;
    const key = [subject.label, file, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('\0');
    if (this.#inspectedFiles.has(key)) return;
    if (stored.known !== undefined && guard.knows(stored.known, subject)) {
      this.#inspectedFiles.add(key);
      return;
    }
    const { bytes, sha512 } = await readHashed(file);
    if (stored.known === undefined && guard.knows(sha512, subject)) {
      this.#inspectedFiles.add(key);
      return;
    }
    await guard.archive(bytes, subject, { file, sha512 });
    const why = guard.wantsTarball(sha512, subject);
    if (why !== undefined) {
      await this.#inspectTarballOf(guard, subject, {
        bytes,
        file,
        sha512,
        loader: stored.loader,
        why,
      });
    }
    this.#inspectedFiles.add(key);
  }

  /** Fetches the tarball again, inspects it, and makes sure that Yarn makes this archive from it. */
  async #inspectTarballOf(
    guard: Guard,
    subject: YarnSubject,
    stored: {
      bytes: Buffer;
      file: string;
      sha512: string;
      loader: Loader | undefined;
      why: string;
    },
  ): Promise<void> {
    if (stored.loader === undefined) {
      throw await this.#guards.notInspected(subject, `${stored.why}, and nothing says where it is`);
    }
    const archive = await this.#fetched(stored.loader, subject, stored.why);
    const tarball = await this.#tarballs.behind(archive.getRealPath(), guard, subject);
    const tarballSha512 = tarball?.sha512;
    const fresh = save(archive);
    if (tarballSha512 === undefined) {
      throw await this.#guards.notInspected(subject, `${stored.why}, and it was never seen`);
    }
    if (!stored.bytes.equals(fresh) && !guard.sameContent(fresh, stored.bytes)) {
      throw await this.#guards.notInspected(
        subject,
        `${stored.why}: ${stored.file} does not hold what its tarball does`,
        'Delete that file and install again.',
      );
    }
    await guard.archive(stored.bytes, subject, {
      file: stored.file,
      sha512: stored.sha512,
      from: tarballSha512,
    });
  }

  /** Loads the archive. An error says why its tarball was fetched although the archive is in the cache. */
  async #fetched(load: Loader, subject: YarnSubject, why: string): ReturnType<Loader> {
    try {
      return await load();
    } catch (error) {
      if (this.#guards.isRefusal(error)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw await this.#guards.notInspected(subject, `${why}, and cannot be fetched: ${detail}`);
    }
  }
}

/**
 * Whether Yarn computes the SHA-512 of the archive from the file. In other cases (integrity checks skipped, `checksumBehavior: ignore`,
 * a package for one platform) it returns the lockfile's value, or nothing.
 */
function computesHash(
  cache: Cache,
  options: Parameters<FetchFromCache>[2],
  { locatorHash }: Locator,
): boolean {
  return (
    options.skipIntegrityCheck !== true &&
    options.unstablePackages?.has(locatorHash) !== true &&
    cache.configuration.get('checksumBehavior') !== 'ignore'
  );
}

/**
 * The SHA-512 without which Yarn refuses a fresh archive. Undefined if Yarn would only write another SHA-512 into the lockfile, for
 * instance for an archive of another version of its cache.
 */
function hashDemanded(cache: Cache, checksum: string | null): string | undefined {
  if (cache.configuration.get('checksumBehavior') !== 'throw') return undefined;
  return checksum?.startsWith(`${cache.cacheKey}/`) === true ? hashIn(checksum) : undefined;
}

function hashIn(checksum: string | null): string | undefined {
  return /^[^/]*\/([0-9a-f]{128})$/.exec(checksum ?? '')?.[1];
}

/** The archive in the mirror, if Yarn may be about to copy it into the project's cache. */
function mirrorToCopy(
  cache: Cache,
  locator: Locator,
  checksum: string | null,
): PortablePath | null {
  const mirror = cache.getLocatorMirrorPath(locator);
  if (mirror === null) return null;
  const fetchesAgain = cache.check || cache.configuration.get('checksumBehavior') === 'reset';
  const cachedPath = cache.getLocatorPath(locator, checksum);
  const isKept = (cachedPath as PortablePath | null) !== null && exists(cachedPath);
  return isKept && !fetchesAgain ? null : mirror;
}

/** Writes an archive to its file. Returns the bytes that Yarn wrote or else those in the file. */
function save(archive: Awaited<ReturnType<Loader>>): Uint8Array {
  let writtenBytes: Uint8Array | undefined;
  const { getBufferAndClose } = archive;
  if (typeof getBufferAndClose === 'function') {
    archive.getBufferAndClose = () => (writtenBytes = getBufferAndClose.call(archive));
  }
  archive.saveAndClose();
  return writtenBytes ?? readFileSync(npath.fromPortablePath(archive.getRealPath()));
}

/**
 * The bytes of a file and their SHA-512, in hex. Node's own threads compute it: an install that finds everything in the cache waits for
 * Yarn's main thread.
 */
async function readHashed(file: string): Promise<{ bytes: Buffer; sha512: string }> {
  const bytes = await promises.readFile(file);
  const sha512 = Buffer.from(await webcrypto.subtle.digest('SHA-512', bytes)).toString('hex');
  return { bytes, sha512 };
}

function exists(path: PortablePath): boolean {
  return statSync(npath.fromPortablePath(path), { throwIfNoEntry: false }) !== undefined;
}
