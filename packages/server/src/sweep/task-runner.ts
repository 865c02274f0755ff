/*
 * Does a task in steps: find its archives, skip those that the ledger knows, inspect the others, write the results. If a task runs
 * twice, by two workers or after one was killed, the ledger stays the same.
 */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import { isRecord } from '@tarwarden/core/metadata';
import { exceptionLines } from '@tarwarden/core/report';
import { printable } from '@tarwarden/core/text';
import { ByteBudget, currently, PolicyFingerprints, sha512Of, type Current } from '@tarwarden/host';
import type { VerdictStorage } from '../verdict-server/storage.ts';
import {
  addressOf,
  type VerdictQuestion,
  type PinnedKey,
  type SigningKey,
} from '@tarwarden/host/signed-verdicts';
import { SweptArchives, type SweepThreads } from './archives.ts';
import { failureOf, SweepFailure } from './failure.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Meter } from './metrics/meter.ts';
import { isPackageName } from './names.ts';
import type { LedgerVerdict, LedgerFailure } from './result.ts';
import {
  foundIn,
  storedVersions,
  unnamedAddress,
  unnamedFile,
  type FoundArchives,
} from './found.ts';
import { signer, type Sign } from './signed.ts';
import type { SweepSource } from './sources/source.ts';
import { folderMark, itemOf, itemsOf, TASK_ITEMS, type SweepTask } from './tasks.ts';
import { SweptRegistry, type SweptRegistryOptions } from './upstream.ts';
import type { SweptArchive } from './wanted.ts';

export interface RunnerOptions {
  /** The name of the sweep. */
  readonly name: string;
  readonly ledger: Ledger;
  /** The policy, or a function that returns the current one. */
  readonly policy: Current<Policy>;
  readonly threads: SweepThreads;
  readonly upstream: SweptRegistryOptions | undefined;
  /** The files that tasks may name. */
  readonly files: Pick<SweepSource, 'id' | 'folder' | 'byPackage'> | undefined;
  /** The key that signs each verdict. */
  readonly key?: SigningKey | undefined;
  /** The storage for signed verdicts. */
  readonly storage?: VerdictStorage | undefined;
  /** The keys of other signers, whose signatures the storage keeps. */
  readonly keys?: Current<readonly PinnedKey[]> | undefined;
  /** Counts the work. */
  readonly meter?: Meter | undefined;
  /** Called with a line for each exception that lets an archive pass. */
  readonly onException?: ((line: string) => void) | undefined;
}

/** The most archives at once: each may have some megabytes in memory. */
const AT_ONCE = 16;

export class TaskRunner {
  readonly #options: RunnerOptions;
  #last: PolicyInForce;
  readonly #upstream: SweptRegistry | undefined;
  readonly #archives: SweptArchives;
  readonly #sign: Sign | undefined;
  readonly #places = new ByteBudget(AT_ONCE);

  constructor(options: RunnerOptions) {
    const { policy, threads, files, upstream, meter, key, keys, storage } = options;
    this.#options = options;
    this.#sign = key && signer({ key, keys, storage });
    this.#last = underPolicy(currently(policy));
    this.#upstream =
      upstream && new SweptRegistry({ ...upstream, onAnswer: (status) => meter?.answered(status) });
    this.#archives = new SweptArchives({
      upstream: this.#upstream,
      folder: files?.folder,
      threads,
    });
  }

  async close(): Promise<void> {
    this.#archives.close();
    await this.#upstream?.close();
  }

  /**
   * @param isLast Whether a failed task is not retried.
   * @returns The number of inspected archives.
   * @throws SweepFailure if the task has to be retried; all other results are in the ledger then.
   */
  async run(task: SweepTask, isLast: boolean): Promise<number> {
    const { ledger, name, meter } = this.#options;
    const { wanted, failed } = await this.#archivesOf(task, isLast);
    for (const { kind } of failed) meter?.notInspected(kind);
    if (failed.length > 0) await ledger.write(name, failed);
    let isWhole = failed.length === 0;
    let inspected = 0;
    let again: SweepFailure | undefined;
    for (let at = 0; at < wanted.length; at += TASK_ITEMS) {
      const unknown = await this.#withoutVerdict(wanted.slice(at, at + TASK_ITEMS));
      const results = await Promise.all(unknown.map((archive) => this.#result(archive, isLast)));
      const written = results.flatMap((result) => (result instanceof SweepFailure ? [] : [result]));
      await ledger.write(name, written);
      again ??= results.find((result) => result instanceof SweepFailure);
      const verdicts = written.filter((result) => 'verdict' in result).length;
      inspected += verdicts;
      isWhole &&= verdicts === written.length;
    }
    if (again !== undefined) throw again;
    const settled = isWhole ? [...itemsOf(task), ...missed(task)] : [];
    await ledger.write(name, [], { task, settled });
    return inspected;
  }

  async #archivesOf(task: SweepTask, isLast: boolean): Promise<FoundArchives> {
    const { files } = this.#options;
    if (task.of !== undefined && task.of !== (files && folderMark(files)))
      return failedAll(
        task,
        files?.folder === undefined
          ? 'this worker was given no folder'
          : 'it is in another folder than the one that this worker was given',
      );
    switch (task.kind) {
      case 'files':
        return { wanted: task.paths.map(unnamedFile), failed: [] };
      case 'addresses': {
        const isGood = (address: string): boolean => URL.canParse(address);
        const bad = task.addresses.filter((address) => !isGood(address));
        const reason = 'it is not an address';
        return {
          wanted: task.addresses.filter(isGood).map(unnamedAddress),
          failed: bad.map((address) => ({ item: itemOf(address), reason, kind: 'document' })),
        };
      }
      case 'package':
        try {
          return await this.#versionsOf(task.name, task.of !== undefined);
        } catch (error) {
          const failure = failureOf(error);
          if (!failure.isFinal && !isLast) throw failure;
          const reason = printable(failure.message, 500);
          return { wanted: [], failed: [{ item: itemOf(task.name), reason, kind: failure.kind }] };
        }
    }
  }

  async #versionsOf(name: string, isStored: boolean): Promise<FoundArchives> {
    if (!isPackageName(name)) throw new SweepFailure('it is not a package name', true);
    const { folder, byPackage } = this.#options.files ?? {};
    if (isStored && folder !== undefined && byPackage === true) return storedVersions(folder, name);
    if (this.#upstream === undefined) throw new SweepFailure('no registry is named', true);
    const document = await this.#upstream.document(name);
    if (!isRecord(document))
      throw new SweepFailure('the document is not an object', true, { kind: 'document' });
    return foundIn(document, name);
  }

  /** The archives without a verdict for these rules and this policy. */
  async #withoutVerdict(wanted: readonly SweptArchive[]): Promise<SweptArchive[]> {
    const { ledger, key } = this.#options;
    const identified = await Promise.all(
      wanted.map(async (archive) => {
        const sha512 = await this.#digestOf(archive);
        const context = sha512 && addressOf(askedOf(sha512, archive, this.#now.policies));
        return { archive, sha512, context };
      }),
    );
    const ids = identified.flatMap(({ sha512, context }) =>
      sha512 === undefined || context === undefined ? [] : [{ sha512, context }],
    );
    const known = await ledger.known(ids, key !== undefined);
    return identified
      .filter(({ context }) => context === undefined || !known.has(context))
      .map(({ archive }) => archive);
  }

  /** The SHA-512 that the registry promises, or a file's own. */
  async #digestOf({ at, integrity }: SweptArchive): Promise<string | undefined> {
    const said = sha512Of(integrity);
    if (said !== undefined || !('file' in at)) return said;
    return this.#archives.digest(at.file).catch(() => undefined);
  }

  async #result(
    wanted: SweptArchive,
    isLast: boolean,
  ): Promise<LedgerVerdict | LedgerFailure | SweepFailure> {
    const place = this.#places.share();
    await place.take(1);
    try {
      return await this.#inspect(wanted);
    } catch (error) {
      const failure = failureOf(error);
      if (!failure.isFinal && !isLast) return failure;
      this.#options.meter?.notInspected(failure.kind);
      return { item: wanted.item, reason: printable(failure.message, 500) };
    } finally {
      place.release();
    }
  }

  async #inspect(wanted: SweptArchive): Promise<LedgerVerdict> {
    const { meter } = this.#options;
    const start = performance.now();
    const { policy, policies } = this.#now;
    const verdict = await this.#archives.inspect(wanted, policy);
    for (const line of exceptionLines(verdict)) this.#options.onException?.(line);
    const seconds = (performance.now() - start) / 1000;
    meter?.inspected(verdict.status, verdict.archive.compressedBytes, seconds);
    const asked = askedOf(verdict.archive.sha512, wanted, policies);
    const context = addressOf(asked);
    const envelope = await this.#sign?.(verdict, asked);
    const { item, published, packer } = wanted;
    const identity = identityOf(wanted, verdict);
    return { item, ...identity, context, ruleset: RULESET, verdict, envelope, published, packer };
  }

  /** The current policy. Each archive is inspected and recorded under one. */
  get #now(): PolicyInForce {
    const policy = currently(this.#options.policy);
    if (policy !== this.#last.policy) this.#last = underPolicy(policy);
    return this.#last;
  }
}

interface PolicyInForce {
  readonly policy: Policy;
  readonly policies: PolicyFingerprints;
}

function underPolicy(policy: Policy): PolicyInForce {
  return { policy, policies: new PolicyFingerprints(policy) };
}

function askedOf(
  sha512: string,
  { expected }: SweptArchive,
  policies: PolicyFingerprints,
): VerdictQuestion {
  return policies.asked({ sha512, format: 'npm', ...(expected && { expected }) });
}

/** The name and version in the ledger: the requested ones, or else the archive's own. */
function identityOf(
  { expected, item }: SweptArchive,
  { manifest }: Verdict,
): {
  name: string;
  version: string;
} {
  const { name = item, version = '' } = expected ?? manifest ?? {};
  return { name: printable(name, 500), version: printable(version, 200) };
}

/** The items of a task for another folder, marked with that folder: this worker's folder may have files of the same names. */
function missed({ of: mark, ...task }: SweepTask): string[] {
  return mark === undefined ? [] : itemsOf(task).map((item) => `${item} (${mark.slice(0, 12)})`);
}

function failedAll(task: SweepTask, reason: string): FoundArchives {
  return { wanted: [], failed: missed(task).map((item) => ({ item, reason, kind: 'file' })) };
}
