import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Configuration } from '@yarnpkg/core';
import { npath } from '@yarnpkg/fslib';
import type { Policy, Verdict } from '@tarwarden/core';
import type {
  JudgeThread,
  LoadedPolicy,
  ThreadOptions,
  VerdictKey,
  VerdictStore,
} from '@tarwarden/host';
import { notInspected, refusal } from './refuse.ts';
import { readSettings } from './settings.ts';
import type { Subject } from './subject.ts';

/** The program of `judge.ts`, which the build puts into a function: a plugin of Yarn is one file. */
declare const TARWARDEN_JUDGE: (require: NodeJS.Require) => void;

type Core = typeof import('./core.ts');

let loading: Promise<Core> | undefined;

/** The core, evaluated at the first call. */
export function loadCore(): Promise<Core> {
  return (loading ??= import('./core.ts'));
}

/** A guard, or why there is none: each refusal needs an error of its own, since Yarn writes into what it prints. */
type Made = { readonly guard: Guard } | { readonly problem: string };

const made = new WeakMap<Configuration, Promise<Made>>();

/** The guard for the policy that holds under a configuration. Rejects where that policy is not valid. */
export async function guardFor(configuration: Configuration): Promise<Guard> {
  let promise = made.get(configuration);
  if (promise === undefined) {
    promise = make(configuration);
    made.set(configuration, promise);
  }
  const result = await promise;
  if ('guard' in result) return result.guard;
  throw refusal(`tarwarden: the policy is not valid, so nothing is installed\n${result.problem}`);
}

async function make(configuration: Configuration): Promise<Made> {
  const core = await loadCore();
  try {
    const { policies, strict } = await readSettings(configuration);
    const folder = npath.fromPortablePath(configuration.projectCwd ?? configuration.startingCwd);
    const fetched = isTemporary(folder, core.realAsFar(tmpdir()));
    const loaded = core.loadPolicy({
      cwd: fetched ? undefined : folder,
      env: process.env,
      settings: fetched ? policies.filter((one) => one.own) : policies,
    });
    return { guard: new Guard(core, loaded, strict) };
  } catch (error) {
    if (!(error instanceof core.TarwardenError)) throw error;
    return { problem: error.message };
  }
}

/**
 * Whether a project lies where Yarn puts clones to be packed, and what `dlx` runs. What was fetched must not speak for
 * itself: there the user's own policy counts alone.
 */
function isTemporary(folder: string, temporary: string): boolean {
  return /^xfs-[0-9a-f]+(?:[\\/]|$)/.test(relative(temporary, folder));
}

/** Takes the SHA-512 (hex) of the file that was judged. */
export type Remember = (sha512: string) => void;

/** Yarn decodes by the header, and only then hands the file on. */
const DECODED =
  'Yarn got a tar that is not compressed, as it does where a registry or proxy calls the .tgz itself encoded ' +
  '(content-encoding: gzip). Have that server send the file without this header; nothing is known of an attack';

/** Judges by the core, remembers, and refuses in Yarn's words. */
export class Guard {
  readonly strict: boolean;
  readonly policy: Policy;
  /** Where the policy was read from. */
  readonly files: readonly string[];
  readonly #core: Core;
  readonly #store: VerdictStore;
  /** Yarn's own threads and this one are busy while Yarn's main thread, which an install waits for, goes on. */
  readonly #judge: JudgeThread;

  constructor(core: Core, loaded: LoadedPolicy, strict: boolean) {
    const { policy, files } = loaded;
    this.#core = core;
    this.policy = policy;
    this.files = files;
    this.strict = strict;
    this.#judge = core.judgeThread(startJudge);
    this.#store = core.openVerdictStore({ ruleset: core.RULESET, policy, env: process.env });
    process.once('exit', () => this.#store.flush());
  }

  /**
   * Judges the bytes of a tarball; resolves to their SHA-512 (hex), and to what they unpack to if that is asked for and
   * at hand. Rejects with the refusal.
   */
  async tarball(
    bytes: Uint8Array,
    subject: Subject,
    keep: boolean = false,
  ): Promise<{ readonly sha512: string; readonly tar?: Uint8Array | undefined }> {
    const options = this.#optionsFor(subject);
    const { verdict, tar } = await this.#try(subject, async () =>
      keep
        ? this.#judge.inspectKeeping(bytes, options)
        : { verdict: await this.#judge.inspect(bytes, options), tar: undefined },
    );
    if (isDecoded(verdict, subject)) throw this.notInspected(subject, DECODED);
    if (verdict.status === 'reject') throw this.#refused(verdict, subject, subject.source);
    return { sha512: verdict.archive.sha512, tar };
  }

  /** Bytes of a tarball that would be kept unpacked; undefined where it does not say. */
  unpackedBytes(tarball: Uint8Array): number | undefined {
    return this.#core.promisedSize(tarball);
  }

  /**
   * Judges an archive that Yarn has just made and written to `file`, or rejects with the refusal. `from` is the SHA-512 of
   * the tarball that it was made of. Resolves to what remembers the verdict, once the SHA-512 of the file is known.
   *
   * @param hashed Whether to compute that here, and remember at once. Otherwise Yarn is about to.
   */
  async freshArchive(
    file: string,
    subject: Subject,
    { from, hashed }: { from: string | undefined; hashed: boolean },
  ): Promise<Remember | undefined> {
    const options = this.#zipOptions(subject, from);
    if (!hashed) {
      const verdict = await this.#try(subject, () =>
        this.#judge.inspectFile(file, { ...options, digest: 'deferred' }),
      );
      if (verdict.status === 'accept' && verdict.findings.length === 0) {
        return (sha512) => {
          this.#takeArchive(this.#core.withDigest(verdict, sha512), subject, { file, from });
        };
      }
      // What an exception covers depends on the digest.
    }
    const verdict = await this.#try(subject, () => this.#judge.inspectFile(file, options));
    this.#takeArchive(verdict, subject, { file, from });
    return undefined;
  }

  /**
   * Judges the bytes of a cache archive, or rejects with the refusal. `sha512` was computed of these bytes. `from` is the
   * SHA-512 of the tarball that it is known to be made of; it is remembered.
   */
  async archive(
    bytes: Uint8Array,
    subject: Subject,
    of: { file: string; sha512: string; from?: string },
  ): Promise<void> {
    const { sha512, file, from } = of;
    if (this.#store.get(keyOf(sha512, subject))?.status === 'accept') {
      this.#remember(sha512, from);
      return;
    }
    const options = this.#zipOptions(subject, from ?? this.tarballOf(sha512));
    const verdict = await this.#try(subject, () =>
      this.#judge.inspect(bytes, { ...options, sha512 }),
    );
    this.#takeArchive(verdict, subject, { file, from });
  }

  #takeArchive(
    verdict: Verdict,
    subject: Subject,
    of: { file: string; from: string | undefined },
  ): void {
    if (verdict.status === 'reject') throw this.#refused(verdict, subject, of.file);
    const { sha512 } = verdict.archive;
    // What an exception for the tarball lets pass depends on more than the key says.
    if (!verdict.findings.some((one) => one.excepted !== undefined))
      this.#store.put(keyOf(sha512, subject), verdict);
    this.#remember(sha512, of.from);
  }

  #remember(archive: string, tarball: string | undefined): void {
    if (tarball !== undefined && this.tarballOf(archive) === undefined)
      this.#store.putLink(linkName(archive), tarball);
  }

  #optionsFor({ expected }: Subject): ThreadOptions {
    return { policy: this.policy, ...(expected && { expected }) };
  }

  #zipOptions(subject: Subject, from: string | undefined): ThreadOptions {
    return {
      ...this.#optionsFor(subject),
      format: 'yarn-zip',
      ...(from !== undefined && { convertedFrom: from }),
    };
  }

  /** Whether nothing is left to be judged about the archive of this SHA-512. */
  knows(archive: string, subject: Subject): boolean {
    if (this.strict && subject.hasTarball && this.tarballOf(archive) === undefined) return false;
    return this.#store.get(keyOf(archive, subject))?.status === 'accept';
  }

  /** SHA-512 of the tarball that a cache archive was made of, where this machine has judged it under this policy. */
  tarballOf(archive: string): string | undefined {
    return this.#store.getLink(linkName(archive));
  }

  /** Whether what Yarn linked at this place under the guard was noted with these facts. */
  madeHere(place: string, facts: string | undefined): boolean {
    return facts !== undefined && this.#store.getLink(madeName(place)) === facts;
  }

  /** Notes what Yarn linked at a place, for later processes. */
  noteMade(place: string, facts: string | undefined): void {
    if (facts !== undefined && !this.madeHere(place, facts))
      this.#store.putLink(madeName(place), facts);
  }

  /** Whether two cache archives hold the same. */
  sameContent(one: Uint8Array, other: Uint8Array): boolean {
    const content = this.#core.yarnZipContent(one);
    return content !== undefined && content === this.#core.yarnZipContent(other);
  }

  /**
   * What speaks against unpacking a repository's archive to the disk, where links inside of it are usual. Yarn would write
   * through the others, so no exception counts.
   */
  async objection(bytes: Uint8Array): Promise<string | undefined> {
    const policy: Policy = { ...this.policy, links: 'contained', exceptions: [] };
    const verdict = await this.#judge.inspect(bytes, { policy });
    if (verdict.status === 'accept') return undefined;
    return verdict.findings.find(({ level }) => level === 'error')?.message ?? 'it is rejected';
  }

  /** The refusal of something that could not be judged, to be thrown. */
  notInspected(subject: Subject, why: string): Error {
    return notInspected(this.#core.redactUrl(subject.label), this.#core.redactUrl(why));
  }

  /** What fails is no verdict. */
  async #try<T>(subject: Subject, judge: () => Promise<T>): Promise<T> {
    try {
      return await judge();
    } catch (error) {
      throw this.notInspected(subject, error instanceof Error ? error.message : String(error));
    }
  }

  #refused(verdict: Verdict, subject: Subject, source: string | undefined): Error {
    return refusal(this.#core.formatBlock({ subject: subject.label, source, verdict }));
  }
}

/** Without what Node was told to load first: by the project, that is, or by whoever started Yarn. */
function startJudge(): Worker {
  return new Worker(`(${String(TARWARDEN_JUDGE)})(require)`, { eval: true, execArgv: [], env: {} });
}

/** Whether all that is wrong with what a registry served is that it is not compressed. */
function isDecoded({ status, findings, omitted }: Verdict, { expected }: Subject): boolean {
  if (status === 'accept' || expected === undefined || omitted > 0) return false;
  const errors = findings.filter((one) => one.level === 'error' && one.excepted === undefined);
  return errors.every((one) => one.rule === 'uncompressed-archive');
}

function integrityOf(sha512: string): string {
  return `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;
}

function keyOf(archive: string, { expected }: Subject): VerdictKey {
  return { integrity: integrityOf(archive), format: 'yarn-zip', ...(expected && { expected }) };
}

function madeName(place: string): string {
  return `yarn-made:${place}`;
}

function linkName(archive: string): string {
  return `yarn-zip:tarball-of:${archive}`;
}
