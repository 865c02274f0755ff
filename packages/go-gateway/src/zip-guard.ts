import { inspect, RULESET } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES, tarballBytesMax } from '@tarwarden/core/limits';
import { GO_STATUS } from '@tarwarden/guard/run';
import { openGuardFor, PackageRefusal, Refusals } from '@tarwarden/guard/kit';
import {
  guard,
  integrityOf,
  openVerdictStore,
  refuseUninspected,
  sha512Of,
  type GuardState,
  type Refusal,
  type VerdictStore,
} from '@tarwarden/guard';
import { TOOLCHAIN, type ModuleVersion } from '@tarwarden/guard/go';

/** Inspects module zips, and keeps the refusals and the accepted hashes. */
export class ZipGuard {
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
  readonly refusals: Refusals<PackageRefusal>;
  readonly #state: GuardState;
  readonly #accepted = new Set<string>();
  readonly #openStore: () => VerdictStore;

  /** Reads the policy files. Throws what {@link loadPolicy} throws. */
  constructor({ cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.refusals = new Refusals({ status: { env, channel: GO_STATUS } });
    const { state, warnings } = openGuardFor({ project: cwd, env });
    this.warnings = warnings;
    this.#state = state;
    const { policy } = state;
    this.#openStore = () => openVerdictStore({ ruleset: RULESET, policy, env });
  }

  get store(): VerdictStore {
    return this.#state.store;
  }

  /** The most bytes of a zip. The policy limits modules; a toolchain may be as long as go accepts. */
  bytesMax({ path }: ModuleVersion): number {
    return path === TOOLCHAIN ? MAX_ARCHIVE_FILE_BYTES : tarballBytesMax(this.#state.policy.limits);
  }

  /** @throws PackageRefusal if the bytes are not accepted. */
  async inspect(bytes: Uint8Array, module: ModuleVersion, source: string): Promise<void> {
    const integrity = integrityOf(bytes);
    await this.inspectKnown(integrity, module, { bytes: () => bytes, source });
    this.#accepted.add(integrity);
    // Other guarded runs on the same cache find the zip while this run continues.
    this.store.flushSoon();
  }

  /** Whether these bytes came from the gateway in this run, or were accepted before, also by another guarded run meanwhile. */
  isKnown(integrity: string, { path, version }: ModuleVersion): boolean {
    if (this.#accepted.has(integrity)) return true;
    const key = { integrity, format: 'gomod', expected: { name: path, version } } as const;
    // Our store was read before the run, so look into a new one as well.
    const verdict = this.store.get(key) ?? this.#openStore().get(key);
    const passesRejected = this.#state.mode === 'report';
    return verdict?.status === 'accept' || (verdict !== undefined && passesRejected);
  }

  /** The refusal of a module whose zip could not be read. */
  unread({ path, version }: ModuleVersion, source: string, cause: unknown): Error {
    const subject = { label: `${path}@${version}`, source };
    const why = 'it could not be read';
    return this.#error(refuseUninspected(subject, why, this.#state, { cause }));
  }

  /**
   * Resolves when bytes of this integrity may be used. `bytes` is called if there is no verdict.
   * @throws PackageRefusal otherwise.
   */
  async inspectKnown(
    integrity: string,
    { path, version }: ModuleVersion,
    { bytes, source }: { readonly bytes: () => Uint8Array; readonly source: string },
  ): Promise<void> {
    const expected = { name: path, version };
    const sha512 = sha512Of(integrity);
    const { policy } = this.#state;
    const archive = {
      subject: { label: `${path}@${version}`, source, expected },
      integrity,
      inspectedAs: { format: 'gomod', expected },
      inspect: () =>
        inspect(bytes(), {
          format: 'gomod',
          expected,
          policy,
          ...(sha512 !== undefined && { sha512 }),
        }),
    } as const;
    const { refusal } = await guard(archive, this.#state);
    if (refusal !== undefined) throw this.#error(refusal);
  }

  #error({ refused, cause }: Refusal): PackageRefusal {
    return this.refusals.add(new PackageRefusal(refused, cause));
  }
}
