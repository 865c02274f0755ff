/*
 * One judgement for each source, shared by all hooks of this process: the bytes are got and verified, and inspected by the
 * inspector of all adapters, which also remembers verdicts and words refusals.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy, Verdict } from '@tarwarden/core';
import {
  collisionFree,
  Inspector,
  isNotFound,
  notInspected,
  sha512Of,
  unconfiguredPolicy,
  type VerdictStore,
} from '@tarwarden/host';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';
import { downloadsAtOnce } from './downloads.ts';
import { fail, rethrow } from './failure.ts';
import { keysOf, knownKey, treeName } from './judged-names.ts';
import { HookError, reasonOf, show, warn } from './messages.ts';
import { MissingError, missing } from './missing.ts';
import { Queue } from './queue.ts';
import { linkName, nameOf, subjectOf, type Source } from './source.ts';
import { bytesOf, judging } from './source-bytes.ts';
import { Waiting, waitingBytes } from './temporary.ts';

/** pnpm 12 gives up on `readPackage`, `canFetch` and the resolvers after 30 s, and we before it. Milliseconds. */
export const HURRIED_MS = 25_000;
/** No more is judged ahead while this many bytes wait in memory. */
const AHEAD_BYTES_MAX = 32 * 1024 * 1024;
/** After this long, verdicts are written even while more are coming. Milliseconds. */
const FLUSH_MS = 500;

const downloads = downloadsAtOnce();

export interface Judged {
  readonly verdict: Verdict;
  /** Integrity of the judged bytes, SHA-512. */
  readonly integrity: string;
  /** The judged bytes; undefined where a remembered verdict made the download needless. */
  readonly bytes?: Waiting;
}

class Guard {
  readonly #inspector: Inspector;
  readonly #store: VerdictStore;
  readonly #queue = new Queue(downloads);
  readonly #known = new Map<string, Promise<Judged>>();
  /** What pnpm will ask for, by name, in its order. */
  readonly #ahead = new Map<string, Source>();
  readonly #mayMiss = new Set<string>();
  #flushing = false;

  constructor(policy: Policy) {
    this.#inspector = new Inspector({
      policy,
      env: process.env,
      describe: async (verdict, subject) => (await judging()).rejected(verdict, subject),
      describeFailure: (subject, why, cause) => notInspected(subject, why, { cause }),
      refuse: (refused, cause) => {
        show(refused.block);
        const reason = refused.kind === 'rejected' ? 'REJECTED' : 'NOT_INSPECTED';
        return fail(new HookError(reason, refused.headline, cause === undefined ? {} : { cause }));
      },
    });
    this.#store = this.#inspector.store;
  }

  /** The verdict of an earlier run, when the lockfile's integrity is one that bytes cannot share. */
  remembered(source: Source): Verdict | undefined {
    const key = knownKey(source, this.#store);
    return key && this.#store.get(key);
  }

  /**
   * Judges a source, once for all that ask. Resolves only for what may be installed.
   * @throws HookError for what is rejected, or could not be judged; from then on for everything.
   */
  async judge(source: Source): Promise<Judged> {
    rethrow();
    const verdict = this.remembered(source);
    if (verdict === undefined) return this.judgeBytes(source);
    return judgedBy(await this.#inspector.accepted(verdict, subjectOf(source)));
  }

  /** Whether a remembered verdict accepts exactly the bytes that the source's integrity stands for. */
  isPinned(source: Source): boolean {
    return !this.#known.has(nameOf(source)) && this.remembered(source)?.status === 'accept';
  }

  /** The judged bytes have been used. */
  forget(source: Source): void {
    this.#known.delete(nameOf(source));
    this.#goAhead();
  }

  /**
   * That the registry has no such file is no refusal, but a {@link MissingError} for whoever asks: only for what pnpm does
   * without, and cannot have from its store.
   */
  allowMissing(source: Source): void {
    this.#mayMiss.add(nameOf(source));
  }

  /**
   * Gets and judges what pnpm is going to ask for. pnpm 12 asks a fetcher for no more than 16 at once, and would have
   * us wait for the network that often, one after another.
   */
  expect(source: Source): void {
    const name = nameOf(source);
    if (!this.#known.has(name)) this.#ahead.set(name, source);
    this.#goAhead();
  }

  #goAhead(): void {
    for (const source of this.#ahead.values()) {
      if (this.#queue.size >= downloads || waitingBytes() >= AHEAD_BYTES_MAX) return;
      // A failure sticks, and who asks for the package gets it too.
      void this.judgeBytes(source)
        .catch(() => undefined)
        .then(() => this.#goAhead());
    }
  }

  /** As `judge`, with the bytes at hand even where the verdict is known. */
  async judgeBytes(source: Source, hurried = false): Promise<Judged> {
    const name = nameOf(source);
    this.#ahead.delete(name);
    rethrow();
    let known = this.#known.get(name);
    if (known === undefined) {
      known = this.#queue.run(() => this.#obtain(source, hurried));
      // Whoever waits gets the failure; that nobody waits yet is no reason to end the process.
      known.catch(() => undefined);
      this.#known.set(name, known);
    }
    return known;
  }

  /** As `judge`, given up with a refusal after `HURRIED_MS`; the work goes on for who asks next. */
  async judgeSoon(source: Source): Promise<Judged> {
    const verdict = this.remembered(source);
    if (verdict !== undefined) return this.judge(source);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no verdict within ${HURRIED_MS / 1000} s`)),
        HURRIED_MS,
      );
    });
    try {
      return await Promise.race([this.judgeBytes(source, true), late]);
    } catch (error) {
      throw error instanceof MissingError ? error : await this.#refusal(source, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Judges many; all rejections are shown before the first is thrown. What is missing and may be, is passed over. */
  async judgeAll(sources: readonly Source[]): Promise<void> {
    const results = await Promise.allSettled(sources.map((source) => this.judge(source)));
    this.#store.flush();
    for (const result of results)
      if (result.status === 'rejected' && !(result.reason instanceof MissingError))
        throw result.reason;
  }

  /**
   * Judges a source, and says what its files are, as `digest` says it of a folder. Remembered beside the verdict.
   * @throws HookError as `judge` does.
   */
  async treeOf(source: Source, digest: (folder: string) => string): Promise<string> {
    const known = collisionFree(source.integrity);
    const remembered = known === undefined ? undefined : this.#store.getLink(treeName(known));
    if (remembered !== undefined && this.isPinned(source)) return remembered;
    const { bytes, integrity } = await this.judgeBytes(source);
    if (bytes === undefined) throw new TypeError('judged without bytes');
    const { path: parent } = makeTemporaryFolder({ prefix: 'tarwarden-tree-' });
    try {
      const { unpack } = await judging();
      const folder = join(parent, 'tree');
      const { expected } = source;
      unpack(readFileSync(bytes.file()), folder, {
        policy: this.#inspector.policy,
        ...(expected && { expected }),
      });
      const tree = digest(folder);
      this.#store.putLink(treeName(integrity), tree);
      // pnpm 12 ends this worker with the hook's answer.
      this.#store.flush();
      return tree;
    } finally {
      rmSync(parent, { recursive: true, force: true });
      bytes.discard();
      this.forget(source);
    }
  }

  /** Writes down what was judged. */
  flush(): void {
    this.#store.flush();
  }

  async #obtain(source: Source, hurried: boolean): Promise<Judged> {
    let bytes: Buffer;
    try {
      bytes = await bytesOf(source, hurried);
    } catch (error) {
      if (this.#mayMiss.has(nameOf(source)) && isNotFound(error)) throw missing(source);
      throw await this.#refusal(source, error);
    }
    const verdict = await this.#inspector.inspect({
      subject: subjectOf(source),
      run: () => this.#inspect(source, bytes),
      keys: (one) => keysOf(source, one),
    });
    this.#flushSoon();
    const judged = judgedBy(verdict);
    return source.kind === 'git' ? judged : { ...judged, bytes: new Waiting(bytes) };
  }

  async #inspect(source: Source, bytes: Buffer): Promise<Verdict> {
    const { inspect } = await judging();
    const { expected } = source;
    const sha512 = source.kind === 'git' ? undefined : sha512Of(source.integrity);
    const verdict = inspect(bytes, {
      policy: this.#inspector.policy,
      ...(expected && { expected }),
      // Verified as they were got: the bytes have it.
      ...(sha512 !== undefined && { sha512 }),
    });
    if (source.kind === 'git') this.#store.putLink(linkName(source), verdict.archive.integrity);
    return verdict;
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setTimeout(() => {
      this.#flushing = false;
      this.#store.flush();
    }, FLUSH_MS).unref();
  }

  /** The error that refuses a source, whatever went wrong with it. */
  async #refusal(source: Source, error: unknown): Promise<Error> {
    if (error instanceof HookError) return fail(error);
    return this.#inspector.failed(subjectOf(source), reasonOf(error), error);
  }
}

function judgedBy(verdict: Verdict): Judged {
  return { verdict, integrity: verdict.archive.integrity };
}

let guard: Promise<Guard> | undefined;

/** The guard of this process, if a hook has made it. */
export function guardSoFar(): Promise<Guard> | undefined {
  return guard;
}

/**
 * The guard of this process. `directory`: where the policy file is looked for, the first time.
 * @throws HookError when there is no policy to judge by.
 */
export function theGuard(directory: string = process.cwd()): Promise<Guard> {
  return (guard ??= makeGuard(directory));
}

async function makeGuard(cwd: string): Promise<Guard> {
  try {
    return new Guard(unconfiguredPolicy({ cwd, env: process.env }) ?? (await readPolicy(cwd)));
  } catch (error) {
    // A policy that cannot be read or is wrong: in one line, without a stack.
    throw fail(new HookError('NOT_INSPECTED', reasonOf(error), { cause: error }));
  }
}

async function readPolicy(cwd: string): Promise<Policy> {
  const { loadPolicy } = await judging();
  const { policy, warnings } = loadPolicy({ cwd, env: process.env });
  warnings.forEach(warn);
  return policy;
}

export type { Guard };
