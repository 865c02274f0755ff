/* Gets and verifies the bytes of a source, and inspects them with the inspector that all adapters share. */
import type { Policy, Verdict } from '@tarwarden/core';
import type { NpmClaim } from '@tarwarden/core/metadata';
import {
  collisionFree,
  fetchTarball,
  guard,
  hasIntegrity,
  isAsClaimed,
  isNotFound,
  openGuard,
  refuseUninspected,
  sha512Of,
  weigh,
  type Decision,
  type GuardState,
  type NetworkSettings,
  type Refusal,
  type Subject,
  type VerdictKey,
  type VerdictStore,
} from '@tarwarden/guard';
import { HookError, reasonOf, missing, type Messages } from '../messages.ts';
import type { HookRefusals } from '../refusals.ts';
import type { Session } from '../session.ts';
import { inspectionKey, commitKey, pnpmSubject, type PnpmSource } from '../source.ts';
import { readFile } from 'node:fs/promises';

/** The parts of a hook that an inspection needs. */
export interface InspectingHook {
  readonly messages: Messages;
  readonly refusals: HookRefusals;
  /** The registry's words about packages, by `name@version`. */
  readonly documents: ReadonlyMap<string, NpmClaim>;
  /** @throws HookError if pnpm has shown no configuration. */
  session(): Session;
  inspection(): Promise<typeof import('#inspection')>;
}

const COMMIT_MS = 300_000;
/** Milliseconds for one try of a download. pnpm itself limits only the time in which no byte comes. */
const PATIENT_MS = 1_800_000;
/** Milliseconds between two tries if pnpm waits no longer than 30 s. */
const HURRIED_PAUSE_MS = 4000;

/**
 * @param hurried pnpm gives up on the hook that asks, after 30 s.
 * @throws Error if the bytes cannot be read or downloaded, or do not have the hash that the lockfile names.
 */
export async function bytesOf(
  source: PnpmSource,
  hook: Pick<InspectingHook, 'inspection' | 'session'>,
  hurried = false,
): Promise<Buffer> {
  const { settings, offline } = hook.session();
  if (source.kind === 'git') {
    const { archiveCommit } = await hook.inspection();
    return archiveCommit(source, { timeLimit: COMMIT_MS, offline });
  }
  const { integrity } = source;
  if (source.kind === 'file') {
    const bytes = await readFile(source.path);
    if (integrity !== undefined && !hasIntegrity(bytes, integrity))
      throw new Error(`its bytes do not have the integrity ${integrity}`);
    return bytes;
  }
  if (offline) throw new Error('pnpm is offline, and no verdict is remembered');
  return fetchTarball({
    url: source.url,
    settings: hurried ? hurry(settings) : settings,
    timeLimit: PATIENT_MS,
    ...(integrity === undefined ? { isWhole: (await hook.inspection()).isWhole } : { integrity }),
  });
}

function hurry(settings: NetworkSettings): NetworkSettings {
  const { retryMinTimeout = HURRIED_PAUSE_MS, retryMaxTimeout = HURRIED_PAUSE_MS } = settings;
  return {
    ...settings,
    retryMinTimeout: Math.min(retryMinTimeout, HURRIED_PAUSE_MS),
    retryMaxTimeout: Math.min(retryMaxTimeout, HURRIED_PAUSE_MS),
  };
}

export class SourceInspector {
  readonly policy: Policy;
  readonly store: VerdictStore;
  readonly turns: QuietTurns = new QuietTurns();
  readonly #hook: InspectingHook;
  readonly #state: GuardState;
  readonly #mayMiss = new Set<string>();

  constructor(policy: Policy, hook: InspectingHook) {
    this.policy = policy;
    this.#hook = hook;
    this.#state = openGuard(policy, process.env);
    this.store = this.#state.store;
  }

  /** The verdict of an earlier run, if the lockfile has an integrity that no other bytes can have. */
  remembered(source: PnpmSource): Verdict | undefined {
    const integrity = knownIntegrity(source, this.store);
    return integrity === undefined
      ? undefined
      : this.store.get({ integrity, ...inspectedAs(source) });
  }

  /** Returns a remembered verdict that accepts. @throws HookError for another. */
  async accepted(verdict: Verdict, source: PnpmSource): Promise<Verdict> {
    const subject = this.#subject(source);
    return this.#acceptedBy(await weigh(verdict, subject, this.#state, { remembered: true }));
  }

  /** Whether a remembered verdict accepts the source together with what pnpm has read about it. */
  accepts(verdict: Verdict, source: PnpmSource): boolean {
    return verdict.status === 'accept' && isAsClaimed(verdict, this.#subject(source));
  }

  /** A source together with the registry's document, if pnpm has shown one. */
  #subject(source: PnpmSource): Subject {
    const subject = pnpmSubject(source);
    const document = source.expected && this.#hook.documents.get(source.id);
    if (document === undefined) return subject;
    // The later reading of a document knows more about its registry.
    const otherClaims = (subject.claims ?? []).filter((claim) => claim.by !== document.by);
    return { ...subject, claims: [...otherClaims, document] };
  }

  /** From now on, a missing file of this source is a {@link MissingError} and not a refusal. */
  allowMissing(source: PnpmSource): void {
    this.#mayMiss.add(inspectionKey(source));
  }

  /**
   * Gets a source and inspects it, even if a verdict is remembered. `hurried`: pnpm does not wait for long.
   * @throws HookError if it is rejected or has no verdict.
   */
  async inspect(
    source: PnpmSource,
    hurried: boolean,
  ): Promise<{ verdict: Verdict; bytes: Buffer }> {
    let bytes: Buffer;
    try {
      bytes = await bytesOf(source, this.#hook, hurried);
    } catch (error) {
      if (this.#mayMiss.has(inspectionKey(source)) && isNotFound(error))
        throw missing(source, this.#hook.messages);
      throw this.refusal(source, error);
    }
    await this.turns.next(bytes.length);
    const archive = {
      subject: this.#subject(source),
      inspectedAs: inspectedAs(source),
      inspect: () => this.#inspectBytes(source, bytes),
    };
    const verdict = this.#acceptedBy(await guard(archive, this.#state));
    // The lockfile may name the bytes by another hash than the SHA-512 under which the verdict is remembered.
    const integrity = knownIntegrity(source, this.store);
    if (integrity !== undefined && integrity !== verdict.archive.integrity)
      this.store.put({ integrity, ...archive.inspectedAs }, verdict);
    this.store.flushSoon();
    return { verdict, bytes };
  }

  #acceptedBy({ verdict, refusal }: Decision): Verdict {
    if (refusal !== undefined) throw this.#error(refusal);
    return verdict;
  }

  #error({ refused, cause }: Refusal): HookError {
    const { messages, refusals } = this.#hook;
    messages.show(refused.block);
    const reason = refused.kind === 'rejected' ? 'REJECTED' : 'NOT_INSPECTED';
    return refusals.add(
      new HookError(reason, refused.headline, cause === undefined ? {} : { cause }),
    );
  }

  /** The error that refuses a source, for any problem with it. */
  refusal(source: PnpmSource, error: unknown): Error {
    if (error instanceof HookError) return this.#hook.refusals.add(error);
    const subject = pnpmSubject(source);
    return this.#error(refuseUninspected(subject, reasonOf(error), this.#state, { cause: error }));
  }

  async #inspectBytes(source: PnpmSource, bytes: Buffer): Promise<Verdict> {
    const { inspect, inspectInFolder } = await this.#hook.inspection();
    const { expected } = source;
    const sha512 = source.kind === 'git' ? undefined : sha512Of(source.integrity);
    const options = {
      policy: this.policy,
      ...(expected && { expected }),
      // The bytes have this integrity.
      ...(sha512 !== undefined && { sha512 }),
    };
    // The archive of a commit contains only the folder.
    if (source.kind === 'download' && source.folder !== undefined)
      return inspectInFolder(bytes, source.folder, options);
    const verdict = inspect(bytes, options);
    if (source.kind === 'git') this.store.putLink(commitKey(source), verdict.archive.integrity);
    return verdict;
  }
}

/** The integrity under which a verdict of an earlier run counts: two archives cannot share it. */
function knownIntegrity(source: PnpmSource, store: VerdictStore): string | undefined {
  return source.kind === 'git' ? store.getLink(commitKey(source)) : collisionFree(source.integrity);
}

function inspectedAs(source: PnpmSource): Omit<VerdictKey, 'integrity'> {
  const { expected } = source;
  const folder = source.kind === 'download' ? source.folder : undefined;
  return { ...(expected && { expected }), ...(folder !== undefined && { folder }) };
}

/** Bytes of tarballs that may wait. Further ones are inspected at once, because an inspected tarball can leave the memory. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

interface Waiter {
  readonly bytes: number;
  readonly go: () => void;
}

/**
 * Inspects between the questions of pnpm. pnpm 12 asks whether we fetch a package, for all packages, 16 questions at a time, before it
 * unpacks the first. An inspection is synchronous, so each one that runs in between makes pnpm wait. Inspections therefore begin when
 * pnpm has no further question, and then pnpm unpacks one package while the guard inspects the next.
 */
export class QuietTurns {
  readonly #waiting: Waiter[] = [];
  #bytes = 0;
  #runs = false;
  /** The number of questions so far, now and in the last turn of the event loop. */
  #questions = 0;
  #questionsBefore = 0;

  /** Called for each question that pnpm asks about a package. */
  noteQuestion(): void {
    this.#questions += 1;
  }

  /**
   * Resolves when the caller may inspect: one caller in each turn of the event loop, in the order of the calls.
   * @param bytes The size of its tarball.
   */
  async next(bytes: number): Promise<void> {
    if (this.#bytes + bytes > WAITING_BYTES_MAX) return;
    this.#bytes += bytes;
    await new Promise<void>((go) => {
      this.#waiting.push({ bytes, go });
      if (this.#runs) return;
      this.#runs = true;
      setImmediate(this.#step);
    });
  }

  readonly #step = (): void => {
    const isAsked = this.#questions !== this.#questionsBefore;
    this.#questionsBefore = this.#questions;
    if (!isAsked) this.#goOn();
    this.#runs = this.#waiting.length > 0;
    if (this.#runs) setImmediate(this.#step);
  };

  #goOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#bytes -= next.bytes;
    next.go();
  }
}
