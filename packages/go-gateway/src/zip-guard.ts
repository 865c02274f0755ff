import { inspect, RULESET } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES, tarballBytesMax } from '@tarwarden/core/limits';
import { GO_STATUS } from '@tarwarden/guarded-run';
import { openInspector, PackageRefusal, Refusals } from '@tarwarden/guarded-run/kit';
import {
  integrityOf,
  openVerdictStore,
  sha512Of,
  type Inspector,
  type VerdictStore,
} from '@tarwarden/host';
import { TOOLCHAIN, type ModuleVersion } from '@tarwarden/host/go';

/** Inspects module zips, and keeps the refusals and the accepted hashes. */
export class ZipGuard {
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
  readonly refusals: Refusals<PackageRefusal>;
  readonly #inspector: Inspector;
  readonly #accepted = new Set<string>();
  readonly #openStore: () => VerdictStore;

  /** Reads the policy files. Throws what {@link loadPolicy} throws. */
  constructor({ cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.refusals = new Refusals({ status: { env, channel: GO_STATUS } });
    const { inspector, warnings } = openInspector({ project: cwd, env }, (refused, cause) =>
      this.refusals.add(new PackageRefusal(refused, cause)),
    );
    this.warnings = warnings;
    this.#inspector = inspector;
    const { policy } = inspector;
    this.#openStore = () => openVerdictStore({ ruleset: RULESET, policy, env });
  }

  get store(): VerdictStore {
    return this.#inspector.store;
  }

  /** The most bytes of a zip. The policy limits modules; a toolchain may be as long as go accepts. */
  bytesMax({ path }: ModuleVersion): number {
    return path === TOOLCHAIN
      ? MAX_ARCHIVE_FILE_BYTES
      : tarballBytesMax(this.#inspector.policy.limits);
  }

  /** @throws PackageRefusal if the bytes are not accepted. */
  async inspect(bytes: Uint8Array, module: ModuleVersion, source: string): Promise<void> {
    const integrity = integrityOf(bytes);
    await this.inspectKnown(integrity, module, { bytes: () => bytes, source });
    this.#accepted.add(integrity);
    // Other guarded runs on the same cache find the zip while this run continues.
    this.#inspector.flushSoon();
  }

  /** Whether these bytes came from the gateway in this run, or were accepted before, also by another guarded run meanwhile. */
  isKnown(integrity: string, { path, version }: ModuleVersion): boolean {
    if (this.#accepted.has(integrity)) return true;
    const key = { integrity, format: 'gomod', expected: { name: path, version } } as const;
    // Our store was read before the run, so look into a new one as well.
    const verdict = this.store.get(key) ?? this.#openStore().get(key);
    const passesRejected = this.#inspector.policy.mode === 'report';
    return verdict?.status === 'accept' || (verdict !== undefined && passesRejected);
  }

  /** The refusal of a module whose zip could not be read. */
  unread({ path, version }: ModuleVersion, source: string, cause: unknown): Error {
    const subject = { label: `${path}@${version}`, source };
    return this.#inspector.uninspected(subject, 'it could not be read', { cause });
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
    await this.#inspector.inspect({
      subject: { label: `${path}@${version}`, source, expected },
      known: { integrity, format: 'gomod', expected },
      run: () =>
        inspect(bytes(), {
          format: 'gomod',
          expected,
          policy: this.#inspector.policy,
          ...(sha512 !== undefined && { sha512 }),
        }),
    });
  }
}
