import { AsyncLocalStorage } from 'node:async_hooks';
import { Worker } from 'node:worker_threads';
import { MultiFetcher, tgzUtils, type Configuration, type Locator } from '@yarnpkg/core';
import { guardFor, type Guard } from './guard.ts';
import { subjectOf, type Subject } from './subject.ts';

/** What Yarn hands to the worker that turns a tarball into a cache archive. */
interface Conversion {
  readonly tgz: Uint8Array;
  readonly tmpFile: string;
}

interface Fetching {
  readonly locator: Locator;
  readonly configuration: Configuration;
  readonly guard: Guard | undefined;
}

/** SHA-512 of the judged tarball, or why it was refused, by the file in which its archive is being made. */
type Outcome = { readonly sha512: string } | { readonly refusal: unknown };

const fetching = new AsyncLocalStorage<Fetching>();
const outcomes = new Map<string, Outcome>();

const UNKNOWN: Subject = { label: 'a tarball that Yarn is converting', hasTarball: true };

/** The judged tarball of the archive at this path: its SHA-512, or undefined where none was seen. Throws its refusal. */
export function tarballBehind(tmpFile: string): string | undefined {
  const outcome = outcomes.get(tmpFile);
  outcomes.delete(tmpFile);
  if (outcome === undefined) return undefined;
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.sha512;
}

/** The package being fetched, where Yarn kept track. */
export function currentFetch(): Fetching | undefined {
  return fetching.getStore();
}

function isConversion(data: unknown): data is Conversion {
  return (
    typeof data === 'object' && data !== null && (data as Partial<Conversion>).tgz !== undefined
  );
}

function judge(guard: Guard, data: Conversion, subject: Subject): void {
  try {
    outcomes.set(data.tmpFile, { sha512: guard.tarball(data.tgz, subject) });
  } catch (refusal) {
    outcomes.set(data.tmpFile, { refusal });
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
    if (viaPools) {
      watchPool(tgzUtils.getTaskPoolForConfiguration(configuration), configuration);
      watchPool(tgzUtils.getDefaultTaskPool(), configuration);
    }
    // In Yarn 3 the bytes are seen in a synchronous call, by which time everything must be loaded.
    const guard = viaPools ? undefined : await guardFor(configuration);
    latest = guard ?? latest;
    return fetching.run({ locator, configuration, guard }, () =>
      fetch.call(this, locator, options),
    );
  };
}

type Pool = ReturnType<typeof tgzUtils.getTaskPoolForConfiguration>;
const watched = new WeakSet<Pool>();

function watchPool(pool: Pool, configuration: Configuration): void {
  if (watched.has(pool)) return;
  watched.add(pool);
  const { run } = pool;
  pool.run = async function guardedRun(data) {
    if (isConversion(data)) {
      const current = fetching.getStore();
      const guard = await guardFor(current?.configuration ?? configuration);
      judge(guard, data, current === undefined ? UNKNOWN : subjectOf(current.locator));
    }
    return run.call(this, data);
  };
}

let latest: Guard | undefined;

// Yarn 3 hides its pool, and its queue loses track of the package. The archive is refused before it is kept.
function watchWorkers(): void {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function guardedPost(...args: Parameters<typeof post>): void {
    const [data] = args as [unknown];
    if (isConversion(data) && latest !== undefined) {
      try {
        judge(latest, data, UNKNOWN);
      } catch {
        // Thrown when the archive is asked for, where the package is known.
      }
    }
    post.apply(this, args);
  };
}
