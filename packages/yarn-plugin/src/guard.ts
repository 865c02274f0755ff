import { Worker } from 'node:worker_threads';
import type { Policy, Verdict } from '@tarwarden/core';
import type {
  Converted,
  Decision,
  GuardedArchive,
  GuardState,
  InspectionThread,
  LoadedPolicy,
  Refused,
  ThreadOptions,
  VerdictKey,
  VerdictStore,
} from '@tarwarden/guard';
import type { FreshArchive, PassedTarball, TarballOptions } from './conversion.ts';
import type { YarnSubject } from './subject.ts';

export type Core = typeof import('./core.ts');

/** Remembers a verdict under the SHA-512 (hex) of the inspected file. */
export type Remember = (sha512: string) => void;

/** Why the tarball of an archive must be inspected under the current policy. */
const STRICT = 'in strict mode, its tarball has to be inspected';
const WAS_LET_PASS =
  'only report mode or an exception let its tarball pass, under another policy; it has to be inspected again';

/** The guard under one policy: inspects tarballs and archives in a thread, and refuses with errors of Yarn. */
export class Guard {
  readonly strict: boolean;
  readonly policy: Policy;
  readonly #core: Core;
  readonly #state: GuardState;
  readonly #refuse: (refused: Refused) => Error;
  readonly #store: VerdictStore;
  readonly #letPass: LetPass;
  /** The thread that inspects, so that Yarn's main thread can continue. */
  readonly #thread: InspectionThread;

  constructor(
    core: Core,
    loaded: LoadedPolicy,
    { strict, refuse }: { readonly strict: boolean; readonly refuse: (refused: Refused) => Error },
  ) {
    this.#core = core;
    this.policy = loaded.policy;
    this.strict = strict;
    this.#thread = core.inspectionThread(startInspector);
    this.#refuse = refuse;
    this.#state = core.openGuard(loaded.policy, process.env);
    this.#store = this.#state.store;
    this.#letPass = new LetPass(core);
  }

  /**
   * Inspects the bytes of a tarball. Rejects with the refusal.
   *
   * @param options.known If this machine made that archive from the same tarball, the tarball is not inspected again.
   */
  async tarball(
    bytes: Uint8Array,
    subject: YarnSubject,
    { keep = false, known: knownSha512, conversion }: TarballOptions = {},
  ): Promise<PassedTarball> {
    const converted = await this.#converted(bytes, subject, { known: knownSha512, conversion });
    const archive = converted?.archive;
    const tarballSha512 = knownSha512 === undefined ? undefined : this.tarballOf(knownSha512);
    if (tarballSha512 !== undefined) {
      const integrity = converted?.verdict.archive.integrity ?? this.#core.integrityOf(bytes);
      if (this.#core.sha512Of(integrity) === tarballSha512)
        return { sha512: tarballSha512, archive };
    }
    const options = this.#optionsFor(subject);
    let tar: Uint8Array | undefined;
    const inspect = async (): Promise<Verdict> => {
      if (converted !== undefined) return converted.verdict;
      if (!keep) return this.#thread.inspect(bytes, options);
      const keptResult = await this.#thread.inspectKeeping(bytes, options);
      tar = keptResult.tar;
      return keptResult.verdict;
    };
    const isDecodedByClient = subject.expected !== undefined;
    const verdict = await this.#accepted({ subject: { ...subject, isDecodedByClient }, inspect });
    const { sha512 } = verdict.archive;
    if (isLetPass(verdict)) this.#letPass.tarball(sha512);
    return { sha512, tar, archive };
  }

  /** Guards an archive, or throws the refusal. */
  async #accepted(archive: GuardedArchive): Promise<Verdict> {
    return this.#verdict(await this.#core.guard(archive, this.#state));
  }

  #verdict({ verdict, refusal }: Decision): Verdict {
    if (refusal !== undefined) throw this.#refuse(refusal.refused);
    return verdict;
  }

  /** Inspects a tarball and makes its archive. Undefined if the thread gave no verdict: then the tarball is inspected alone. */
  async #converted(
    bytes: Uint8Array,
    subject: YarnSubject,
    { known: knownSha512, conversion }: TarballOptions,
  ): Promise<Converted | undefined> {
    if (conversion === undefined) return undefined;
    const isKnown = knownSha512 === conversion.demanded;
    const inspection = isKnown ? undefined : this.#zipOptions(subject, undefined);
    return this.#thread
      .convert(bytes, this.#optionsFor(subject), { ...conversion, inspection })
      .catch(() => undefined);
  }

  /** The unpacked size that a tarball declares. Undefined if it declares none. */
  unpackedBytes(tarball: Uint8Array): number | undefined {
    return this.#core.promisedSize(tarball);
  }

  /**
   * Inspects an archive that was just made and written to `file`, or rejects with the refusal. If the archive that is demanded needs no
   * inspection, it resolves to a function that remembers this, to be called with the SHA-512 of the file.
   */
  async freshArchive(
    file: string,
    subject: YarnSubject,
    { from, hashed, demanded, made }: FreshArchive,
  ): Promise<Remember | undefined> {
    const ownArchive = made?.sha512 === demanded ? made : undefined;
    const passes =
      ownArchive !== undefined || (demanded !== undefined && this.#accepts(demanded, subject));
    if (passes && !hashed)
      return (sha512) => {
        if (sha512 !== demanded) return;
        if (ownArchive?.verdict !== undefined)
          this.#store.put(verdictKey(sha512, subject), ownArchive.verdict);
        this.#remember(sha512, from);
      };
    const verdict = await this.#accepted({
      subject: { ...subject, source: file },
      inspect: () => this.#thread.inspectFile(file, this.#zipOptions(subject, from)),
    });
    this.#keep(verdict, subject);
    this.#remember(verdict.archive.sha512, from);
    return undefined;
  }

  /**
   * Inspects the bytes of a cache archive, or rejects with the refusal. `sha512` was computed from these bytes. `from`, the SHA-512 of
   * its tarball if known, is remembered.
   */
  async archive(
    bytes: Uint8Array,
    subject: YarnSubject,
    { sha512, file, from }: { file: string; sha512: string; from?: string },
  ): Promise<void> {
    const options = { ...this.#zipOptions(subject, from ?? this.tarballOf(sha512)), sha512 };
    const fileSubject = { ...subject, source: file };
    const inspect = (): Promise<Verdict> => this.#thread.inspect(bytes, options);
    const remembered = this.#store.get(verdictKey(sha512, subject));
    // A rejected archive may pass now, because its tarball is known.
    if (remembered?.status === 'accept')
      this.#verdict(
        await this.#core.weigh(remembered, fileSubject, this.#state, { remembered: true }),
      );
    else this.#keep(await this.#accepted({ subject: fileSubject, inspect }), subject);
    this.#remember(sha512, from);
  }

  /** Remembers a verdict that accepts, but none with an exception, which depends on more than the key. */
  #keep(verdict: Verdict, subject: YarnSubject): void {
    const { status, findings, archive } = verdict;
    const isExcepted = findings.some(({ excepted }) => excepted !== undefined);
    if (status === 'accept' && !isExcepted)
      this.#store.put(verdictKey(archive.sha512, subject), verdict);
  }

  #remember(archive: string, tarball: string | undefined): void {
    if (tarball !== undefined) this.#letPass.archive(archive, tarball);
    if (tarball !== undefined && this.tarballOf(archive) === undefined)
      this.#store.putLink(linkName(archive), tarball);
  }

  #accepts(archive: string, subject: YarnSubject): boolean {
    return this.#store.get(verdictKey(archive, subject))?.status === 'accept';
  }

  #optionsFor({ expected }: YarnSubject): ThreadOptions {
    return { policy: this.policy, ...(expected && { expected }) };
  }

  #zipOptions(subject: YarnSubject, from: string | undefined): ThreadOptions {
    return {
      ...this.#optionsFor(subject),
      format: 'yarn-zip',
      ...(from !== undefined && { convertedFrom: from }),
    };
  }

  /** Why the tarball of an archive must be inspected before Yarn uses the archive; undefined if it need not be. */
  wantsTarball(archive: string, { hasTarball }: YarnSubject): string | undefined {
    if (!hasTarball) return undefined;
    const why = this.strict ? STRICT : this.#wasLetPass(archive);
    return why === undefined || this.tarballOf(archive) !== undefined ? undefined : why;
  }

  #wasLetPass(archive: string): string | undefined {
    return this.policy.mode !== 'report' && this.#letPass.has(archive) ? WAS_LET_PASS : undefined;
  }

  /**
   * Whether this machine remembers a verdict that accepts an archive, so that it needs no inspection. Only for a package whose archive
   * must have this SHA-512.
   */
  knowsBefore(archive: string, subject: YarnSubject): boolean {
    // Report mode has to report such a tarball each time.
    if (subject.expected === undefined || this.#letPass.has(archive)) return false;
    if (this.wantsTarball(archive, subject) !== undefined) return false;
    return this.#accepts(archive, subject);
  }

  /** Whether the archive of this SHA-512 needs no further inspection. */
  knows(archive: string, subject: YarnSubject): boolean {
    if (this.wantsTarball(archive, subject) !== undefined) return false;
    const verdict = this.#store.get(verdictKey(archive, subject));
    if (verdict?.status !== 'accept' || !this.#core.isAsClaimed(verdict, subject)) return false;
    this.#core.reportVerdict(verdict, subject, this.#state, { remembered: true });
    const tarball = this.#letPass.has(archive) ? this.tarballOf(archive) : undefined;
    if (tarball !== undefined) this.#core.reportHeldExceptions(tarball, this.#state);
    return true;
  }

  /** SHA-512 of the tarball of a cache archive, if this machine has inspected it under this policy. */
  tarballOf(archive: string): string | undefined {
    return this.#store.getLink(linkName(archive));
  }

  sameContent(first: Uint8Array, other: Uint8Array): boolean {
    const content = this.#core.yarnZipContent(first);
    return content !== undefined && content === this.#core.yarnZipContent(other);
  }

  /** Why a repository's archive must not be unpacked to the disk. Undefined if it may be. */
  async objection(bytes: Uint8Array): Promise<string | undefined> {
    const policy = this.#core.repositoryPolicy(this.policy);
    const verdict = await this.#thread.inspect(bytes, { policy });
    return verdict.status === 'accept' ? undefined : this.#core.rejected(verdict, {}).headline;
  }
}

function verdictKey(archive: string, { expected }: YarnSubject): VerdictKey {
  const integrity = `sha512-${Buffer.from(archive, 'hex').toString('base64')}`;
  return { integrity, format: 'yarn-zip', ...(expected && { expected }) };
}

function linkName(archive: string): string {
  return `yarn-zip:tarball-of:${archive}`;
}

/** The whole plugin, which the build puts into one function: a plugin of Yarn is one file. In a thread it runs `inspector-program.ts`. */
declare const TARWARDEN_PROGRAM: (require: NodeJS.Require, isThread: boolean) => unknown;

/** Starts the thread without the preloads of the process, which the project may have set. */
function startInspector(): Worker {
  return new Worker(`(${String(TARWARDEN_PROGRAM)})(require, true)`, {
    eval: true,
    execArgv: [],
    env: {},
  });
}

/**
 * Report mode or an exception can let a rejected tarball pass, and Yarn's archive shows no trace of the problem. So the guard notes
 * such archives, and inspects their tarball again under another policy.
 */
class LetPass {
  readonly #core: Core;
  #store: VerdictStore | undefined;
  /** SHA-512 of such tarballs, in hex. */
  readonly #tarballs = new Set<string>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Notes a tarball that passes although the rules reject it. */
  tarball(sha512: string): void {
    this.#tarballs.add(sha512);
  }

  /** Notes an archive if its tarball was noted. Both by their SHA-512, in hex. */
  archive(archive: string, tarball: string): void {
    if (!this.#tarballs.has(tarball)) return;
    const store = this.#openStore();
    store.putLink(letPassName(archive), tarball);
    store.flush();
  }

  /** Whether an archive was noted. */
  has(archive: string): boolean {
    return this.#openStore().getLink(letPassName(archive)) !== undefined;
  }

  #openStore(): VerdictStore {
    return (this.#store ??= this.#core.openVerdictStore({
      ruleset: 'yarn-archives-that-were-let-pass',
      policy: this.#core.DEFAULT_POLICY,
      env: process.env,
      isKept: true,
    }));
  }
}

function letPassName(archive: string): string {
  return `let-pass:${archive}`;
}

/** Whether a tarball passes only because of report mode or an exception, and so perhaps not under another policy. */
function isLetPass({ status, findings, omitted }: Verdict): boolean {
  return (
    status !== 'accept' || omitted > 0 || findings.some(({ excepted }) => excepted !== undefined)
  );
}
