/* Inspects each source once for all hooks of this process, before pnpm needs it if possible. */
import type { Policy, Verdict } from '@tarwarden/core';
import { nothingInspectedLine } from '@tarwarden/guard/kit';
import { projectRoot, unconfiguredPolicy } from '@tarwarden/guard';
import { MissingError, notInspectedError, reasonOf } from '../messages.ts';
import { SourceInspector, type InspectingHook } from './source-inspector.ts';
import { inspectionKey, type PnpmSource } from '../source.ts';
import { WaitingTarballs, type Waiting } from '../handoff/private-files.ts';
import { readFileSync } from 'node:fs';

/** Milliseconds after which a hook refuses. pnpm 12 gives up on `readPackage`, `canFetch` and the resolvers after 30 s. */
export const HURRIED_MS = 25_000;
/** While more bytes than this are in memory, no source is inspected ahead. */
const AHEAD_BYTES_MAX = 32 * 1024 * 1024;

export interface InspectedSource {
  readonly verdict: Verdict;
  /** Integrity of the inspected bytes, SHA-512. */
  readonly integrity: string;
  /** The inspected bytes; undefined if a remembered verdict made the download unnecessary. */
  readonly bytes?: Waiting;
}

class Guard {
  readonly #hook: InspectingHook;
  readonly #inspector: SourceInspector;
  readonly #downloads: number = downloadsAtOnce();
  readonly #queue = new DownloadQueue(this.#downloads);
  readonly #waiting = new WaitingTarballs();
  readonly #inspections = new Map<string, Promise<InspectedSource>>();
  /** The sources that pnpm will fetch, by the same key, in its order. */
  readonly #ahead = new Map<string, PnpmSource>();

  constructor(policy: Policy, hook: InspectingHook) {
    this.#hook = hook;
    this.#inspector = new SourceInspector(policy, hook);
  }

  /** The verdict of an earlier run, if the lockfile has an integrity that no other bytes can have. */
  remembered(source: PnpmSource): Verdict | undefined {
    return this.#inspector.remembered(source);
  }

  /**
   * Inspects a source, once for all callers. Resolves only if it may be installed.
   * @throws HookError if it is rejected or cannot be inspected. From then on, every call throws.
   */
  async inspect(source: PnpmSource): Promise<InspectedSource> {
    this.#hook.refusals.rethrow();
    const verdict = this.remembered(source);
    if (verdict === undefined) return this.inspectBytes(source);
    return withIntegrity(await this.#inspector.accepted(verdict, source));
  }

  /** Weighs the verdict of a source that was inspected before, because more is known about its registry now. A refusal sticks. */
  weighAgain(source: PnpmSource): void {
    const verdict = this.remembered(source);
    if (verdict !== undefined) this.#inspector.accepted(verdict, source).catch(() => undefined);
  }

  /** Whether a remembered verdict accepts the bytes with the source's integrity. */
  isPinned(source: PnpmSource): boolean {
    if (this.#inspections.has(inspectionKey(source))) return false;
    const verdict = this.remembered(source);
    return verdict?.status === 'accept' && this.#inspector.accepts(verdict, source);
  }

  /** Called when the inspected bytes have been used. */
  forget(source: PnpmSource): void {
    const key = inspectionKey(source);
    const inspection = this.#inspections.get(key);
    this.#inspections.delete(key);
    const { integrity: _integrity, ...unpinned } = source;
    const unpinnedKey = inspectionKey(unpinned);
    if (this.#inspections.get(unpinnedKey) === inspection) this.#inspections.delete(unpinnedKey);
    this.#goAhead();
  }

  /**
   * Makes a missing file of this source a {@link MissingError} instead of a refusal. Only for an optional package that is not in pnpm's
   * store.
   */
  allowMissing(source: PnpmSource): void {
    this.#inspector.allowMissing(source);
  }

  /**
   * Downloads and inspects a source that pnpm will fetch. pnpm 12 calls a fetcher for at most 16 packages at once; without this, the
   * guard would often wait for the network.
   */
  expect(source: PnpmSource): void {
    this.#inspector.turns.noteQuestion();
    const key = inspectionKey(source);
    if (!this.#inspections.has(key)) this.#ahead.set(key, source);
    this.#goAhead();
  }

  #goAhead(): void {
    for (const source of this.#ahead.values()) {
      if (this.#isBusy()) return;
      // The refusal is kept, and the hook for the package gets it too.
      void this.inspectBytes(source)
        .catch(() => undefined)
        .then(() => this.#goAhead());
    }
  }

  #isBusy(): boolean {
    return this.#queue.size >= this.#downloads || this.#waiting.inMemory >= AHEAD_BYTES_MAX;
  }

  /** Like `inspect`, but returns the bytes even if the verdict is known. */
  async inspectBytes(source: PnpmSource, hurried = false): Promise<InspectedSource> {
    const key = inspectionKey(source);
    this.#ahead.delete(key);
    this.#hook.refusals.rethrow();
    const shared = this.#inspections.get(key);
    if (shared !== undefined) return this.#alsoAccepted(await shared, source);
    const inspection = this.#queue.run(() => this.#obtain(source, hurried));
    // The callers get the failure. An unhandled rejection would end the process before they ask.
    inspection.catch(() => undefined);
    this.#inspections.set(key, inspection);
    if (source.integrity === undefined) this.#knowByIntegrity(source, inspection);
    return inspection;
  }

  /** The caller that began the inspection may not have known the words of the registry or the lockfile that this caller knows. */
  async #alsoAccepted(inspected: InspectedSource, source: PnpmSource): Promise<InspectedSource> {
    await this.#inspector.accepted(inspected.verdict, source);
    return inspected;
  }

  /** pnpm fetches a source without an integrity again, with the integrity of the inspected bytes. */
  #knowByIntegrity(source: PnpmSource, inspection: Promise<InspectedSource>): void {
    inspection
      .then(({ integrity }) =>
        this.#inspections.set(inspectionKey({ ...source, integrity }), inspection),
      )
      .catch(() => undefined);
  }

  /** Like `inspect`, but refuses after `HURRIED_MS`. The inspection continues for the next hook. */
  async inspectSoon(source: PnpmSource): Promise<InspectedSource> {
    const verdict = this.remembered(source);
    if (verdict !== undefined) return this.inspect(source);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no verdict within ${HURRIED_MS / 1000} s`)),
        HURRIED_MS,
      );
    });
    try {
      return await Promise.race([this.inspectBytes(source, true), late]);
    } catch (error) {
      throw error instanceof MissingError ? error : this.#inspector.refusal(source, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Inspects many sources, and shows all refusals before it throws the first. Skips optional packages that are missing. */
  async inspectAll(sources: readonly PnpmSource[]): Promise<void> {
    const results = await Promise.allSettled(sources.map((source) => this.inspect(source)));
    this.#inspector.store.flush();
    for (const result of results)
      if (result.status === 'rejected' && !(result.reason instanceof MissingError))
        throw result.reason;
  }

  flush(): void {
    this.#inspector.store.flush();
  }

  async #obtain(source: PnpmSource, hurried: boolean): Promise<InspectedSource> {
    const { verdict, bytes } = await this.#inspector.inspect(source, hurried);
    const inspected = withIntegrity(verdict);
    return source.kind === 'git' ? inspected : { ...inspected, bytes: this.#waiting.keep(bytes) };
  }
}

function withIntegrity(verdict: Verdict): InspectedSource {
  return { verdict, integrity: verdict.archive.integrity };
}

/** The guard of the project around a folder. `guards` contains the guards that were made before, by the roots of their projects. */
export function guardFor(
  directory: string,
  hook: InspectingHook,
  guards: Map<string, Promise<Guard>>,
): Promise<Guard> {
  const root = projectRoot(directory);
  const guard = guards.get(root) ?? makeGuard(directory, hook);
  guards.set(root, guard);
  return guard;
}

/** @throws HookError if the policy cannot be read. `cwd`: the folder from which the policy file is searched. */
async function makeGuard(cwd: string, hook: InspectingHook): Promise<Guard> {
  try {
    const scope = { cwd, env: process.env };
    return new Guard(unconfiguredPolicy(scope) ?? (await readPolicy(cwd, hook)), hook);
  } catch (error) {
    const message = nothingInspectedLine(reasonOf(error));
    throw hook.refusals.add(notInspectedError(message, { cause: error }));
  }
}

async function readPolicy(cwd: string, hook: InspectingHook): Promise<Policy> {
  const { loadPolicy } = await import('#inspection');
  const { policy, warnings } = loadPolicy({ cwd, env: process.env });
  for (const warning of warnings) hook.messages.warn(warning);
  return policy;
}

export type { Guard };

/** A hook that has a guard for each project. */
export interface GuardingHook extends InspectingHook {
  /** @param directory A folder of the project. Default: that of the last call. */
  guard(directory?: string): Promise<Guard>;
}

/** pnpm 12 uses the same number. */
const DOWNLOADS = 64;
/** One download is allowed for each eight files that this process may have open. A download has a socket and, later, a file. */
const SHARE = 8;

/** The number of downloads at once, which is smaller if `ulimit -n` is small. */
export function downloadsAtOnce(limits: string | undefined = readLimits()): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits ?? '') ?? [];
  return soft === undefined
    ? DOWNLOADS
    : Math.min(DOWNLOADS, Math.max(1, Math.floor(Number(soft) / SHARE)));
}

function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}

/** Runs at most `limit` tasks at once, in the order in which they came. */
class DownloadQueue {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  get size(): number {
    return this.#running + this.#waiting.length;
  }

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
