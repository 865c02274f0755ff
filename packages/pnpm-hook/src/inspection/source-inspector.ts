/* Gets and verifies the bytes of a source, and inspects them by the inspector of all adapters. */
import type { Policy, Verdict } from '@tarwarden/core';
import {
  Inspector,
  isNotFound,
  type LoadedPolicy,
  sha512Of,
  type VerdictStore,
} from '@tarwarden/host';
import type { Hook } from '../hook.ts';
import { pnpmVerdictKeys, knownKey } from './remembered-names.ts';
import { HookError, reasonOf } from '../messages.ts';
import { missing } from '../messages.ts';
import { bytesOf } from './source-bytes.ts';
import { inspectionKey, commitKey, pnpmSubject, type PnpmSource } from '../source.ts';

/** The policy, and the settings for signed verdicts. */
export type GuardPolicy = Pick<LoadedPolicy, 'policy' | 'verdicts'>;
export type InspectingHook = Pick<Hook, 'inspection' | 'messages' | 'refusals' | 'session'>;

export class SourceInspector {
  readonly policy: Policy;
  readonly store: VerdictStore;
  readonly #hook: InspectingHook;
  readonly #inspector: Inspector;
  readonly #mayMiss = new Set<string>();

  constructor({ policy, verdicts }: GuardPolicy, hook: InspectingHook) {
    this.policy = policy;
    this.#hook = hook;
    this.#inspector = new Inspector({
      policy,
      verdicts,
      env: process.env,
      describe: async (verdict, subject, options) =>
        (await hook.inspection()).rejected(verdict, subject, options),
      refuse: (refused, cause) => {
        hook.messages.show(refused.block);
        const reason = refused.kind === 'rejected' ? 'REJECTED' : 'NOT_INSPECTED';
        const options = cause === undefined ? {} : { cause };
        return hook.refusals.add(new HookError(reason, refused.headline, options));
      },
    });
    this.store = this.#inspector.store;
  }

  /** The verdict of an earlier run, when the lockfile's integrity is one that bytes cannot share. */
  remembered(source: PnpmSource): Verdict | undefined {
    const key = knownKey(source, this.store);
    return key && this.store.get(key);
  }

  /** Asks for the verdicts that others have signed, all at once: {@link remembered} has them then. Never throws. */
  async askFor(sources: readonly PnpmSource[]): Promise<void> {
    if (!this.#inspector.foresees) return;
    const keys = sources.flatMap((source) => knownKey(source, this.store) ?? []);
    await Promise.all(keys.map(async (key) => this.#inspector.remembered(key)));
  }

  /** Passes a remembered verdict that accepts. @throws HookError for another. */
  accepted(verdict: Verdict, source: PnpmSource): Promise<Verdict> {
    return this.#inspector.accepted(verdict, pnpmSubject(source), true);
  }

  /** From now on, a missing file of this source is a {@link MissingError} and not a refusal. */
  allowMissing(source: PnpmSource): void {
    this.#mayMiss.add(inspectionKey(source));
  }

  /**
   * Gets a source and inspects it, whatever is remembered. `hurried`: pnpm does not wait for long.
   * @throws HookError for what is rejected or has no verdict.
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
    const verdict = await this.#inspector.inspect({
      subject: pnpmSubject(source),
      // The bytes have the integrity of the lockfile.
      signed: () => (source.kind === 'git' ? undefined : knownKey(source, this.store)),
      run: () => this.#run(source, bytes),
      keys: (made) => pnpmVerdictKeys(source, made),
    });
    this.#inspector.flushSoon();
    return { verdict, bytes };
  }

  /** The error that refuses a source, whatever went wrong with it. */
  refusal(source: PnpmSource, error: unknown): Error {
    if (error instanceof HookError) return this.#hook.refusals.add(error);
    return this.#inspector.uninspected(pnpmSubject(source), reasonOf(error), { cause: error });
  }

  async #run(source: PnpmSource, bytes: Buffer): Promise<Verdict> {
    const { inspect, inspectInFolder } = await this.#hook.inspection();
    const { expected } = source;
    const sha512 = source.kind === 'git' ? undefined : sha512Of(source.integrity);
    const options = {
      policy: this.policy,
      ...(expected && { expected }),
      // The bytes were verified against it.
      ...(sha512 !== undefined && { sha512 }),
    };
    // The archive of a commit is one of the folder alone.
    if (source.kind === 'download' && source.folder !== undefined)
      return inspectInFolder(bytes, source.folder, options);
    const verdict = inspect(bytes, options);
    if (source.kind === 'git') this.store.putLink(commitKey(source), verdict.archive.integrity);
    return verdict;
  }
}
