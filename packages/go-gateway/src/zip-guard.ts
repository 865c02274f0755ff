import { inspect, RULESET, type Limits } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES, tarballBytesMax } from '@tarwarden/core/limits';
import { GO_STATUS } from '@tarwarden/guarded-run';
import { openInspector, PackageRefusal, Refusals } from '@tarwarden/guarded-run/kit';
import {
  integrityOf,
  openVerdictStore,
  sha512Of,
  type Inspector,
  type Refused,
  type VerdictStore,
} from '@tarwarden/host';
import { TOOLCHAIN, type ModuleVersion } from '@tarwarden/host/go';
import { ModuleCacheError } from './module-cache.ts';

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

  /**
   * Resolves when the bytes are accepted, to their integrity.
   * @throws PackageRefusal otherwise.
   */
  async inspect(bytes: Uint8Array, module: ModuleVersion, source: string): Promise<string> {
    const integrity = integrityOf(bytes);
    await this.inspectKnown(integrity, module, { bytes: () => bytes, source });
    this.#accepted.add(integrity);
    // Other guarded runs on the same cache find the zip while this run continues.
    this.#inspector.flushSoon();
    return integrity;
  }

  /** Whether these bytes came from the gateway in this run, or were accepted before, also by another guarded run meanwhile. */
  isKnown(integrity: string, { path, version }: ModuleVersion): boolean {
    if (this.#accepted.has(integrity)) return true;
    const key = { integrity, format: 'gomod', expected: { name: path, version } } as const;
    // Our store was read before the run, so look into a new one as well.
    const verdict = this.store.get(key) ?? this.#openStore().get(key);
    return verdict?.status === 'accept' || (verdict !== undefined && this.isReportOnly);
  }

  /** Whether rejected zips pass. */
  get isReportOnly(): boolean {
    return this.#inspector.policy.mode === 'report';
  }

  get hashLimits(): Limits {
    return this.#inspector.policy.limits;
  }

  /** Keeps a refusal, so that the run ends with a failure. */
  refuse(refused: Refused): Error {
    return this.#inspector.refused(refused);
  }

  /** The refusal of a module whose zip could not be read. */
  unread(module: ModuleVersion, source: string, cause: unknown): Error {
    const subject = { label: moduleLabel(module), source };
    const why = cause instanceof ModuleCacheError ? cause.message : 'it could not be read';
    return this.#inspector.uninspected(subject, why, { cause });
  }

  /**
   * Resolves when bytes of this integrity may be used. The result says whether they are accepted, because report mode lets rejected
   * bytes pass. `bytes` is called if there is no verdict.
   * @throws PackageRefusal otherwise.
   */
  async inspectKnown(
    integrity: string,
    { path, version }: ModuleVersion,
    { bytes, source }: { readonly bytes: () => Uint8Array; readonly source: string },
  ): Promise<boolean> {
    const expected = { name: path, version };
    const sha512 = sha512Of(integrity);
    const { status } = await this.#inspector.inspect({
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
    return status === 'accept';
  }
}

export function moduleLabel({ path, version }: ModuleVersion): string {
  return `${path}@${version}`;
}
