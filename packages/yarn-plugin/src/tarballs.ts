import type { Worker } from 'node:worker_threads';
import { intercept, YARN_CONFINED } from '@tarwarden/guard/run';
import { tgzUtils, type Configuration, type FetchOptions, type Locator } from '@yarnpkg/core';
import type { PortablePath } from '@yarnpkg/fslib';
import { conversionOf, type PassedTarball } from './conversion.ts';
import { keepRefusal, type Fetches } from './fetches.ts';
import type { Guard } from './guard.ts';
import type { Guards } from './guards.ts';
import { yarnSubject, type YarnSubject } from './subject.ts';
import { posix, win32 } from 'node:path';
import { parse } from 'node:querystring';

/** The text before the settings in a git reference, and in a URL of GitHub's archives, which Yarn turns into a reference. */
const BEFORE_SETTINGS = [/^[^#]*#/, /^(?:git\+)?https:\/\/github\.com\/[^/#]+\/[^/#]+\/tarball\//];

/** Protocols of packages that come from no git host. A # in them has another meaning. */
const OF_NO_HOST = /^(?:npm|virtual|workspace|patch|file|exec|link|portal|builtin):/;

/** Whether a host of git may be asked for an archive instead of a clone, so that Yarn fetches in more ways than one. */
function mayBeHosted({ reference }: Locator): boolean {
  return !OF_NO_HOST.test(reference);
}

/**
 * Whether Yarn runs programs of the package to make it: it installs and packs a clone with its scripts in every mode, and `exec:` names a
 * program. The test is the text in front of a commit, because Yarn also reads encoded names.
 */
export function isMadeByPrograms(locator: Locator): boolean {
  const { reference } = locator;
  if (reference.startsWith('exec:')) return true;
  return mayBeHosted(locator) && BEFORE_SETTINGS.some((pattern) => pattern.test(reference));
}

/**
 * Whether the `cwd` in a git reference names a folder outside the clone. Yarn 4 packs the folder that it names, seen from
 * the clone: another project of this user's, whose scripts run, and whose lockfile is written.
 */
export function packsFolderOutside({ reference }: Locator): boolean {
  return BEFORE_SETTINGS.some((pattern) => {
    const [prefix] = pattern.exec(reference) ?? [];
    if (prefix === undefined) return false;
    // To the end: a lockfile that was written by hand has a further # in a value.
    const { cwd = [] } = parse(reference.slice(prefix.length));
    return [cwd].flat().some(leaves);
  });
}

function leaves(folder: string): boolean {
  // Windows calls every absolute POSIX path absolute.
  const [firstFolder] = posix.normalize(folder.replaceAll('\\', '/')).split('/');
  return win32.isAbsolute(folder) || firstFolder === '..';
}

/** A message of Yarn to the worker that turns a tarball into a cache archive. */
interface ConversionMessage {
  readonly tgz: Uint8Array;
  readonly tmpFile: PortablePath;
}

/** The tarball of a file in which Yarn makes an archive: what is known of it, its refusal, or its bytes if they are not inspected yet. */
type Seen =
  | Omit<PassedTarball, 'tar'>
  | { readonly refusal: unknown }
  | { readonly bytes: Uint8Array };

type Pool = ReturnType<typeof tgzUtils.getTaskPoolForConfiguration>;
type Run = Pool['run'];

/** The size of gzip's header and trailer (RFC 1952). No archive is shorter, not even a tar without compression. */
const GZIP_BYTES_MIN = 18;

const UNKNOWN: YarnSubject = { label: 'a tarball that Yarn is converting', hasTarball: true };

/** Bytes of unpacked tarballs that wait for Yarn's workers. Further tarballs go to the workers compressed. */
const WAITING_MAX = 128 * 1024 * 1024;

/** Whether other code can reach the threads with which Yarn converts tarballs, as in Yarn 4. */
export function convertsInPools(): boolean {
  return typeof tgzUtils?.getTaskPoolForConfiguration === 'function';
}

/** Sees the exact bytes of every tarball before Yarn converts it (Yarn 4), or while it does (Yarn 3). */
export class Tarballs {
  readonly #guards: Guards;
  readonly #fetches: Fetches;
  readonly #seenByFile = new Map<string, Seen>();
  /** The methods that the guard has replaced in pools. Other plugins could set a mark on them, so a set holds them. */
  readonly #gates = new WeakSet<object>();
  #waiting = 0;

  constructor({ guards, fetches }: { readonly guards: Guards; readonly fetches: Fetches }) {
    this.#guards = guards;
    this.#fetches = fetches;
  }

  /**
   * The tarball that was turned into the archive at this path. Undefined if the guard saw no tarball. Rejects with its refusal.
   *
   * @param knownSha512 SHA-512 (hex) of the only archive that Yarn will keep, if it has a verdict.
   */
  async behind(
    tmpFile: string,
    guard: Guard,
    subject: YarnSubject,
    knownSha512?: string,
  ): Promise<Omit<PassedTarball, 'tar'> | undefined> {
    const seenTarball = this.#seenByFile.get(tmpFile);
    this.#seenByFile.delete(tmpFile);
    if (seenTarball === undefined) return undefined;
    if ('refusal' in seenTarball) throw seenTarball.refusal;
    return 'bytes' in seenTarball
      ? guard.tarball(seenTarball.bytes, subject, { known: knownSha512 })
      : seenTarball;
  }

  /** Wraps Yarn's fetcher of any package. */
  async fetch<T>(
    locator: Locator,
    { project: { configuration } }: FetchOptions,
    proceed: () => Promise<T>,
  ): Promise<T> {
    if (packsFolderOutside(locator)) {
      const why = 'its reference names a folder outside its repository (cwd)';
      const remedy = 'Name a folder of the repository.';
      throw await this.#guards.notInspected(yarnSubject(locator), why, remedy);
    }
    if (process.env[YARN_CONFINED] === 'fetch' && isMadeByPrograms(locator)) {
      const why =
        'Yarn runs its programs to pack it, while it fetches, and --confine lets none run with the network';
      const remedy =
        'Depend on a packed archive (.tgz) of it, or install without --confine where you trust it.';
      throw await this.#guards.notInspected(yarnSubject(locator), why, remedy);
    }
    if (convertsInPools()) {
      this.#watch(tgzUtils.getTaskPoolForConfiguration(configuration), configuration);
      this.#watch(tgzUtils.getDefaultTaskPool(), configuration);
    }
    // Yarn's fetcher for GitHub treats any error as "not available" and tries another way.
    return mayBeHosted(locator) ? this.#fetches.during(locator, configuration, proceed) : proceed();
  }

  #watch(pool: Pool, configuration: Configuration): void {
    const gate = (original: Run): Run => {
      const convert = (data: unknown, run: (data: unknown) => ReturnType<Run>): ReturnType<Run> =>
        isConversion(data) ? this.#convert(data, configuration, run) : run(data);
      return async function (this: Pool, data: Parameters<Run>[0]) {
        return convert(data, (message) => original.call(this, message as Parameters<Run>[0]));
      };
    };
    intercept(pool, 'run', gate, { replaced: this.#gates });
  }

  async #convert<T>(
    data: ConversionMessage,
    configuration: Configuration,
    run: (data: ConversionMessage) => Promise<T>,
  ): Promise<T> {
    const { current } = this.#fetches;
    const guard = await this.#guards.for(current?.configuration ?? configuration);
    const subject = current === undefined ? UNKNOWN : yarnSubject(current.locator);
    const conversion = conversionOf(data, current?.archive?.demanded);
    const bytes = conversion === undefined ? guard.unpackedBytes(data.tgz) : undefined;
    const keep = bytes !== undefined && this.#waiting + bytes <= WAITING_MAX;
    if (keep) this.#waiting += bytes;
    try {
      const knownSha512 = current?.archive?.known;
      const options = { keep, known: knownSha512, conversion };
      const { tar, archive } = await this.#inspect(guard, data, subject, options).catch(
        (refusal: unknown) => {
          if (current !== undefined) keepRefusal(current, refusal);
          throw refusal;
        },
      );
      // Yarn's worker answers with the path of the file that it has written.
      if (archive !== undefined) return data.tmpFile as T;
      // Yarn's reader accepts a tar with and without gzip, and decides by the first bytes. The inspected tar need not be inflated
      // again. It begins with the guard's preface, so the reader decides right.
      return await run(tar === undefined ? data : { ...data, tgz: tar });
    } finally {
      if (keep) this.#waiting -= bytes;
    }
  }

  /** Inspects a tarball. Rejects with the refusal. */
  async #inspect(
    guard: Guard,
    data: ConversionMessage,
    subject: YarnSubject,
    options: Parameters<Guard['tarball']>[2],
  ): Promise<PassedTarball> {
    try {
      const { tar, ...passed } = await guard.tarball(data.tgz, subject, options);
      this.#seenByFile.set(data.tmpFile, passed);
      return { ...passed, tar };
    } catch (refusal) {
      this.#seenByFile.set(data.tmpFile, { refusal });
      throw refusal;
    }
  }

  /**
   * Called before Yarn sends a message to a thread. Returns false if the message must not be sent. Yarn 3 hides its pool, and its queue
   * does not show which package a tarball belongs to. So the guard keeps the bytes and inspects them when Yarn asks for the archive.
   */
  post(worker: Worker, data: unknown): boolean {
    if (!isConversion(data)) return true;
    const { length } = data.tgz;
    if (length < GZIP_BYTES_MIN) {
      void this.#failShort(
        worker,
        length === 0 ? 'it is empty' : `it is ${length} of at least ${GZIP_BYTES_MIN} bytes long`,
      );
      return false;
    }
    this.#seenByFile.set(data.tmpFile, { bytes: data.tgz });
    return true;
  }

  /** Yarn 3's workers would wait forever for the rest of a tarball with fewer bytes than a gzip header. */
  async #failShort(worker: Worker, why: string): Promise<void> {
    worker.emit('error', await this.#guards.notInspected(UNKNOWN, why));
    // Yarn expects a thread to end after an error.
    await worker.terminate();
  }
}

function isConversion(data: unknown): data is ConversionMessage {
  return (
    typeof data === 'object' &&
    data !== null &&
    (data as Partial<ConversionMessage>).tgz !== undefined
  );
}
