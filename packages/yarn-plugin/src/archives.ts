import { webcrypto } from 'node:crypto';
import { promises, readFileSync, statSync } from 'node:fs';
import { Cache, type Configuration, type Locator } from '@yarnpkg/core';
import { npath, type PortablePath } from '@yarnpkg/fslib';
import { guardFor, type Guard, type Remember } from './guard.ts';
import { subjectOf, type Subject } from './subject.ts';
import { tarballBehind, whileFetching } from './tarballs.ts';

type FetchFromCache = typeof Cache.prototype.fetchPackageFromCache;
type Loader = NonNullable<Parameters<FetchFromCache>[2]['loader']>;

/** Archives judged in this process, by path and the facts of the file; the value is their SHA-512. */
const seen = new Map<string, string>();

/** Judges every archive: a fresh one before Yarn keeps it anywhere, a kept one before Yarn hands it out. */
export function watchArchives(): void {
  const original = Cache.prototype.fetchPackageFromCache;
  Cache.prototype.fetchPackageFromCache = async function guardedFetchPackage(
    locator,
    expectedChecksum,
    options,
  ) {
    const guard = await guardFor(this.configuration);
    const subject = subjectOf(locator);
    const loader = watched(options.loader, locator, this.configuration);
    const mirror = mirrorToCopy(this, locator, expectedChecksum);
    if (mirror !== null) await judgeKept(guard, subject, { file: mirror, loader });
    const hashes = computesHash(this, options, locator);
    let remember: Remember | undefined;
    const judging = async (load: Loader): ReturnType<Loader> => {
      const archive = await load();
      remember = await judgeFresh(guard, subject, { archive, hashed: !hashes });
      return archive;
    };
    const result = await original.call(this, locator, expectedChecksum, {
      ...options,
      ...(loader && { loader: () => judging(loader) }),
    });
    const [packageFs, releaseFs, checksum] = result;
    try {
      const known = hashes ? hashIn(checksum) : undefined;
      if (known !== undefined) remember?.(known);
      await judgeKept(guard, subject, { file: packageFs.getRealPath(), loader, known });
    } catch (error) {
      releaseFs();
      throw error;
    }
    return result;
  };
}

/** A loader that says what it fetches for. */
function watched(
  loader: Loader | undefined,
  locator: Locator,
  configuration: Configuration,
): Loader | undefined {
  return loader && (() => whileFetching(locator, configuration, async () => loader()));
}

/**
 * Whether Yarn computes the SHA-512 of the archive from the file. Elsewhere (integrity checks skipped, `checksumBehavior:
 * ignore`, a package that is for one platform) it returns what the lockfile says, or nothing.
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

function hashIn(checksum: string | null): string | undefined {
  return /^[^/]*\/([0-9a-f]{128})$/.exec(checksum ?? '')?.[1];
}

/** The archive of the mirror, where Yarn may be about to copy it into the project's cache. */
function mirrorToCopy(
  cache: Cache,
  locator: Locator,
  checksum: string | null,
): PortablePath | null {
  const mirror = cache.getLocatorMirrorPath(locator);
  if (mirror === null) return null;
  const again = cache.check || cache.configuration.get('checksumBehavior') === 'reset';
  const kept = cache.getLocatorPath(locator, checksum);
  const isKept = (kept as PortablePath | null) !== null && exists(kept);
  return isKept && !again ? null : mirror;
}

async function judgeFresh(
  guard: Guard,
  subject: Subject,
  { archive, hashed }: { archive: Awaited<ReturnType<Loader>>; hashed: boolean },
): Promise<Remember | undefined> {
  const path = archive.getRealPath();
  const from = await tarballBehind(path, guard, subject);
  if (from === undefined && subject.hasTarball) {
    throw guard.notInspected(subject, 'Yarn made an archive of a tarball that was never seen');
  }
  archive.saveAndClose();
  // Yarn asks for it again, and must not change what is judged.
  archive.saveAndClose = () => undefined;
  return guard.freshArchive(npath.fromPortablePath(path), subject, { from, hashed });
}

/** Writes an archive to its file, and returns the bytes: those that Yarn wrote, or else what is in the file. */
function save(archive: Awaited<ReturnType<Loader>>): Uint8Array {
  let written: Uint8Array | undefined;
  const { getBufferAndClose } = archive;
  if (typeof getBufferAndClose === 'function') {
    archive.getBufferAndClose = () => (written = getBufferAndClose.call(archive));
  }
  archive.saveAndClose();
  return written ?? readFileSync(npath.fromPortablePath(archive.getRealPath()));
}

async function judgeKept(
  guard: Guard,
  subject: Subject,
  at: { file: PortablePath; loader: Loader | undefined; known?: string | undefined },
): Promise<void> {
  const file = npath.fromPortablePath(at.file);
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  // Nothing there: not kept yet, or the empty package that Yarn makes up in memory for another platform.
  if (stat === undefined) return;
  const key = [subject.label, file, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('\0');
  if (seen.has(key)) return;
  if (at.known !== undefined && guard.knows(at.known, subject)) {
    seen.set(key, at.known);
    return;
  }
  const { bytes, sha512 } = await readHashed(file);
  await guard.archive(bytes, subject, { file, sha512 });
  if (guard.strict && subject.hasTarball && guard.tarballOf(sha512) === undefined) {
    await judgeTarballOf(guard, subject, { bytes, file, sha512, loader: at.loader });
  }
  seen.set(key, sha512);
}

/**
 * The bytes of a file and their SHA-512, in hex. By Node's own threads, since Yarn's main thread is what an install waits
 * for that finds everything in the cache.
 */
async function readHashed(file: string): Promise<{ bytes: Buffer; sha512: string }> {
  const bytes = await promises.readFile(file);
  const sha512 = Buffer.from(await webcrypto.subtle.digest('SHA-512', bytes)).toString('hex');
  return { bytes, sha512 };
}

/** Strict mode: fetches the tarball again, judges it, and makes sure that the archive is what Yarn makes of it. */
async function judgeTarballOf(
  guard: Guard,
  subject: Subject,
  of: { bytes: Buffer; file: string; sha512: string; loader: Loader | undefined },
): Promise<void> {
  if (of.loader === undefined) {
    throw guard.notInspected(subject, 'strict mode: nothing says where its tarball is');
  }
  const archive = await of.loader();
  const from = await tarballBehind(archive.getRealPath(), guard, subject);
  const fresh = save(archive);
  if (from === undefined) {
    throw guard.notInspected(subject, 'strict mode: its tarball was never seen');
  }
  if (!of.bytes.equals(fresh) && !guard.sameContent(fresh, of.bytes)) {
    throw guard.notInspected(
      subject,
      `strict mode: ${of.file} does not hold what its tarball does; delete it and install again`,
    );
  }
  await guard.archive(of.bytes, subject, { file: of.file, sha512: of.sha512, from });
}

function exists(path: PortablePath): boolean {
  return statSync(npath.fromPortablePath(path), { throwIfNoEntry: false }) !== undefined;
}
