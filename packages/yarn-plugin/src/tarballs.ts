import { AsyncLocalStorage } from 'node:async_hooks';
import { Worker } from 'node:worker_threads';
import { MultiFetcher, tgzUtils, type Configuration, type Locator } from '@yarnpkg/core';
import { packsFolderOutside } from './git-folder.ts';
import { guardFor, notInspected, type Guard } from './guard.ts';
import { subjectOf, type Subject } from './subject.ts';

/** What Yarn hands to the worker that turns a tarball into a cache archive. */
interface Conversion {
  readonly tgz: Uint8Array;
  readonly tmpFile: string;
}

export interface Fetching {
  readonly locator: Locator;
  readonly configuration: Configuration;
  /** The fetch that this one is part of. */
  readonly within?: Fetching | undefined;
  /** A tarball of it was refused, and stays so whatever else is tried. */
  refusal?: unknown;
}

/** By the file in which its archive is being made: the tarball's SHA-512, or its bytes where it was not judged yet. */
type Seen =
  | { readonly sha512: string }
  | { readonly refusal: unknown }
  | { readonly bytes: Uint8Array };

/**
 * Entered only where bytes may be fetched: up to Node 22, the first time makes every later promise of the process dearer,
 * which an install that finds everything in the cache would pay for nothing.
 */
const fetching = new AsyncLocalStorage<Fetching>();
const tarballs = new Map<string, Seen>();

const UNKNOWN: Subject = { label: 'a tarball that Yarn is converting', hasTarball: true };

/**
 * SHA-512 of the tarball that Yarn made the archive at this path of; undefined where none was seen. Rejects with its
 * refusal.
 */
export async function tarballBehind(
  tmpFile: string,
  guard: Guard,
  subject: Subject,
): Promise<string | undefined> {
  const seen = tarballs.get(tmpFile);
  tarballs.delete(tmpFile);
  if (seen === undefined) return undefined;
  if ('refusal' in seen) throw seen.refusal;
  return 'bytes' in seen ? (await guard.tarball(seen.bytes, subject)).sha512 : seen.sha512;
}

/** The package being fetched, where Yarn kept track. */
export function currentFetch(): Fetching | undefined {
  return fetching.getStore();
}

/** Has a refusal thrown again by all that the fetch is part of. */
export function keepRefusal(current: Fetching, refusal: unknown): void {
  for (let one: Fetching | undefined = current; one !== undefined; one = one.within)
    one.refusal = refusal;
}

function isConversion(data: unknown): data is Conversion {
  return (
    typeof data === 'object' && data !== null && (data as Partial<Conversion>).tgz !== undefined
  );
}

/** Unpacked tarballs that wait for Yarn's workers at a time, in bytes; what does not fit goes to them as it came. */
const WAITING_MAX = 128 * 1024 * 1024;

let waiting = 0;

/** Judges a tarball, or rejects with its refusal; resolves to what it unpacks to where that is asked for and at hand. */
async function judge(
  guard: Guard,
  data: Conversion,
  how: { subject: Subject; keep: boolean },
): Promise<Uint8Array | undefined> {
  try {
    const { sha512, tar } = await guard.tarball(data.tgz, how.subject, how.keep);
    tarballs.set(data.tmpFile, { sha512 });
    return tar;
  } catch (refusal) {
    tarballs.set(data.tmpFile, { refusal });
    throw refusal;
  }
}

/** Sees the exact bytes of every tarball before Yarn converts it (Yarn 4), or while it does (Yarn 3). */
export function watchTarballs(): void {
  const { fetch } = MultiFetcher.prototype;
  const viaPools = typeof tgzUtils.getTaskPoolForConfiguration === 'function';
  if (!viaPools) watchWorkers();
  MultiFetcher.prototype.fetch = async function guardedFetch(locator, options) {
    const { configuration } = options.project;
    if (packsFolderOutside(locator)) {
      const why = 'its reference names a folder outside of its repository (cwd)';
      throw await notInspected(subjectOf(locator), why, 'Name a folder of the repository.');
    }
    if (viaPools) {
      watchPool(tgzUtils.getTaskPoolForConfiguration(configuration), configuration);
      watchPool(tgzUtils.getDefaultTaskPool(), configuration);
    }
    // Yarn's fetcher for GitHub takes any error for "not available" and tries another way.
    return mayBeHosted(locator)
      ? whileFetching(locator, configuration, () => fetch.call(this, locator, options))
      : fetch.call(this, locator, options);
  };
}

/** What `fetchBytes` fetches is fetched for this package. A refusal of it is thrown again where it was swallowed. */
export async function whileFetching<T>(
  locator: Locator,
  configuration: Configuration,
  fetchBytes: () => Promise<T>,
): Promise<T> {
  const current: Fetching = { locator, configuration, within: fetching.getStore() };
  const result = await fetching.run(current, fetchBytes);
  if (current.refusal !== undefined) throw current.refusal;
  return result;
}

/** Whether a host of git may be asked for an archive in place of a clone, so that Yarn fetches in more ways than one. */
function mayBeHosted({ reference }: Locator): boolean {
  return !/^(?:npm|virtual|workspace|patch|file|exec|link|portal|builtin):/.test(reference);
}

type Pool = ReturnType<typeof tgzUtils.getTaskPoolForConfiguration>;
const watched = new WeakSet<Pool>();

function watchPool(pool: Pool, configuration: Configuration): void {
  if (watched.has(pool)) return;
  watched.add(pool);
  const { run } = pool;
  pool.run = async function guardedRun(data) {
    if (!isConversion(data)) return run.call(this, data);
    const current = fetching.getStore();
    const guard = await guardFor(current?.configuration ?? configuration);
    const subject = current === undefined ? UNKNOWN : subjectOf(current.locator);
    const bytes = guard.unpackedBytes(data.tgz);
    const keep = bytes !== undefined && waiting + bytes <= WAITING_MAX;
    if (keep) waiting += bytes;
    try {
      const tar = await judge(guard, data, { subject, keep }).catch((refusal: unknown) => {
        if (current !== undefined) keepRefusal(current, refusal);
        throw refusal;
      });
      // Yarn's reader takes a tar with and without gzip. What was judged need not be inflated again, and begins with
      // bytes that are not the archive's own, by which the reader would guess.
      return await run.call(this, tar === undefined ? data : { ...data, tgz: tar });
    } finally {
      if (keep) waiting -= bytes;
    }
  };
}

// Yarn 3 hides its pool, and its queue loses track of the package: the bytes are kept until the archive is asked for,
// which is before it is kept anywhere.
function watchWorkers(): void {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function watchedPost(...args: Parameters<typeof post>): void {
    const [data] = args as [unknown];
    if (isConversion(data)) {
      if (data.tgz.length === 0) return void failEmpty(this);
      tarballs.set(data.tmpFile, { bytes: data.tgz });
    }
    post.apply(this, args);
  };
}

/** Yarn 3's workers wait for the end of a tarball that has no bytes, and Yarn waits for them. */
async function failEmpty(worker: Worker): Promise<void> {
  worker.emit('error', await notInspected(UNKNOWN, 'it is empty'));
  // Yarn counts on an error to be its end.
  await worker.terminate();
}
