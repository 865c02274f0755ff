/* Finds the result of one task: a remembered verdict, or the verdict on bytes that are fetched and inspected now. */
import type { Worker } from 'node:worker_threads';
import { TarwardenError, type ExpectedPackage, type Policy, type Verdict } from '@tarwarden/core';
import type { GitDependencies } from '@tarwarden/core/policy';
import { printable } from '@tarwarden/core/text';
import {
  ByteBudget,
  HostReach,
  InspectionPool,
  integrityOf,
  type VerdictStore,
} from '@tarwarden/host';
import { isAmbiguous } from '@tarwarden/lockfiles';
import { gitCommit } from './git-commit.ts';
import { expectedFromLockfile, verdictKeyOf } from './verdict-keys.ts';
import { RegistryWords } from './registry-words.ts';
import { fromRepository } from './bytes/git-repository.ts';
import { localPythonArchive } from './bytes/local-file.ts';
import type { ObtainedBytes } from './bytes/source.ts';
import {
  findFirst,
  type ArchiveFinder,
  type FindResult,
  type FoundArchive,
} from './ecosystems/archives.ts';
import { withClaims } from './ecosystems/claims.ts';
import { Ecosystems } from './ecosystems/index.ts';
import { obtainBytes, type ByteSources } from './obtain.ts';
import { whyNotFetched } from './not-fetched.ts';
import { entryChecks } from './origin.ts';
import {
  archiveChecks,
  isChosen,
  SEVERAL_HASHES,
  unpinnedCheck,
  unpinnedTarball,
  type ArchiveComparison,
  type Outcome,
} from './task-checks.ts';
import type { LockfileEntry, AuditTask } from './plan.ts';
import type { AuditResult, Check, NotInspectedReason } from './result.ts';

export interface AuditOptions extends ByteSources {
  readonly policy: Policy;
  /** The git dependencies that the policy accepts without an inspection. If absent, it accepts no such dependency. */
  readonly gitDependencies?: GitDependencies;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Starts a thread that runs `serveInspections` of `host`. */
  readonly startThread: () => Worker;
  /** The verdicts are about the bytes of npm's packages alone, without the words of lockfiles and registries. */
  readonly ofBytes?: true;
  /** Called at the end with each thing that the user should know, in one escaped line. */
  readonly onNote?: (note: string) => void;
  /** Called when a task of the plan has its results. Results are yielded in order, so maybe later. */
  readonly onTask?: () => void;
}

/** Packages under way at once. */
export const AT_ONCE = 24;

/** Bytes of all archives that are in memory at once. An archive counts from before it is read until it has a verdict. */
const HELD_MAX = 256 * 1024 * 1024;

export class Auditor {
  readonly #options: AuditOptions;
  readonly #store: VerdictStore;
  readonly #pool: InspectionPool;
  readonly #held = new ByteBudget(HELD_MAX);
  readonly #ecosystems: Ecosystems;
  readonly words: RegistryWords;

  constructor(options: AuditOptions, store: VerdictStore) {
    const reach = new HostReach();
    this.#options = { ...options, reach };
    this.#store = store;
    this.#pool = new InspectionPool(options.startThread);
    this.#ecosystems = new Ecosystems(this.#options);
    this.words = new RegistryWords(this.#options, store);
  }

  /**
   * Returns at least one result. There are several if clients may take different archives for one entry.
   */
  async results(task: AuditTask, compare?: ArchiveComparison): Promise<readonly AuditResult[]> {
    const [entry] = task;
    const { locked, kind } = entry;
    const { ecosystem, name, version } = locked;
    const checks: Check[] = [];
    const about = {
      package: { ecosystem, name, version },
      places: task.flatMap(({ place, askedAt = [] }) => [place, ...askedAt]),
      checks,
    };
    try {
      const isOther = ecosystem !== 'npm';
      const archives = isOther ? await this.#ecosystems.for(entry) : undefined;
      checks.push(...entryChecks(task, archives ?? this.#options.settings.registriesFor(kind)));
      const why = whyNotFetched(locked);
      if (why !== undefined) return [{ ...about, status: 'own', why }];
      if (locked.integrity !== undefined && isAmbiguous(locked.integrity))
        return [{ ...about, status: 'not-inspected', error: SEVERAL_HASHES }];
      if (archives === undefined || locked.source.type === 'git') {
        const found = await this.#tarballOutcome(task, checks, compare);
        const outcome = this.#options.ofBytes ? found : await this.words.addTo(found, task);
        return [this.#withGit(entry, { ...about, ...outcome })];
      }
      const outcomes = await this.#archiveOutcomes(task, archives, compare);
      return outcomes.map(({ checks: found, ...outcome }, index) => ({
        ...about,
        // Report the problems of the entry itself once, with the first of its archives.
        checks: index === 0 ? [...checks, ...found] : found,
        ...outcome,
      }));
    } catch (error) {
      const why = printable(error instanceof Error ? error.message : String(error));
      // A TarwardenError says that settings of the user cannot be read.
      const reason: NotInspectedReason =
        error instanceof TarwardenError
          ? { code: 'NO_BYTES', message: why }
          : { code: 'CRASHED', message: `the inspection broke off: ${why}` };
      return [{ ...about, status: 'not-inspected', error: reason }];
    }
  }

  #withGit({ locked }: LockfileEntry, result: AuditResult): AuditResult {
    if (result.status !== 'not-inspected' || result.error.code !== 'NO_ARCHIVE') return result;
    const git = gitCommit(locked, this.#options.gitDependencies ?? { held: [], proposed: [] });
    return git === undefined ? result : { ...result, git };
  }

  /** Inspects a package of another ecosystem than npm. */
  async #archiveOutcomes(
    task: AuditTask,
    archives: ArchiveFinder,
    compare: ArchiveComparison | undefined,
  ): Promise<readonly (Outcome & { readonly checks: readonly Check[] })[]> {
    const [entry] = task;
    const checks: Check[] = [];
    const report = (check: Check): void => void checks.push(check);
    const outcomes: (Outcome & { readonly checks: readonly Check[] })[] = [];
    const share = this.#held.share();
    await share.take(HELD_MAX / AT_ONCE);
    try {
      const all =
        entry.locked.source.type === 'file'
          ? [localPythonArchive(entry, this.#options.root)]
          : findFirst(task, archives, {
              store: this.#store,
              report,
              ...(compare !== undefined && { needsBytes: true }),
            });
      for await (const found of all) {
        if ('content' in found && typeof found.content !== 'string')
          share.resize(found.content.length);
        const outcome = await this.#archiveOutcome(entry, found, report);
        if (outcome.status === 'inspected' && outcome.verdict.status === 'accept')
          checks.push(...archiveChecks(found, compare));
        outcomes.push({ ...outcome, checks: checks.splice(0) });
      }
      return outcomes;
    } finally {
      share.release();
    }
  }

  async #archiveOutcome(
    { locked }: LockfileEntry,
    found: FindResult,
    report: (check: Check) => void,
  ): Promise<Outcome> {
    if ('code' in found) return { status: 'not-inspected', error: found };
    const name = 'remembered' in found ? found.fileName : found.expected.fileName;
    const file = name !== undefined && isChosen(locked, name) ? { file: name } : {};
    const isNew = 'content' in found;
    if (isNew && found.unpinned !== undefined)
      report(unpinnedCheck(found.unpinned, 'the lockfile has no checksum for it'));
    const alone = isNew ? await this.#archiveVerdict(found) : found.remembered;
    if (isNew && found.unverified !== undefined && alone.status === 'accept')
      return { status: 'not-inspected', error: { code: 'NO_BYTES', message: found.unverified } };
    const verdict = await withClaims(alone, found, this.#options.policy);
    if ('code' in verdict) return { status: 'not-inspected', error: verdict };
    const { expected } = found;
    return {
      status: 'inspected',
      verdict,
      from: isNew ? found.from : 'remembered',
      expected,
      ...file,
    };
  }

  async #archiveVerdict(found: FoundArchive): Promise<Verdict> {
    const { content, format, expected, key, dispose } = found;
    const options = { policy: this.#options.policy, format, expected };
    try {
      const verdict =
        this.#rememberedVerdict(found) ??
        (typeof content === 'string'
          ? await this.#pool.inspectFile(content, options)
          : await this.#pool.inspect(content, options));
      this.#store.put({ integrity: verdict.archive.integrity, format, expected }, verdict);
      if (key !== undefined) this.#store.put(key, verdict);
      return verdict;
    } finally {
      dispose?.();
    }
  }

  #rememberedVerdict({ content, format, expected }: FoundArchive): Verdict | undefined {
    if (typeof content === 'string') return undefined;
    return this.#store.get({ integrity: integrityOf(content), format, expected });
  }

  async #tarballOutcome(
    task: AuditTask,
    checks: Check[],
    compare?: ArchiveComparison,
  ): Promise<Outcome> {
    const [{ locked }] = task;
    const expected = expectedFromLockfile(locked);
    const against = expected && { expected };
    const known = verdictKeyOf(locked);
    const remembered = known && this.#store.get(known);
    const report = (check: Check): void => void checks.push(check);
    if (remembered !== undefined && compare === undefined) {
      const { caches } = this.#options;
      for (const cache of caches) if (cache.isCommitted === true) cache.find(task[0], report);
      return { status: 'inspected', verdict: remembered, from: 'remembered', ...against };
    }
    const share = this.#held.share();
    await share.take(HELD_MAX / AT_ONCE);
    try {
      const found =
        locked.source.type === 'git'
          ? await fromRepository(locked, this.#options.offline)
          : await obtainBytes(task, this.#options, report);
      if ('code' in found) return { status: 'not-inspected', error: found };
      share.resize(found.bytes.length);
      const verdict = await this.#tarballVerdict(found, expected);
      if (found.unpinned === true && this.#options.isPinned !== false)
        checks.push(unpinnedTarball(locked, found.from));
      // Packing leaves files of a git repository out, so the files cannot be compared.
      const isComparable = verdict.status === 'accept' && locked.source.type !== 'git';
      if (isComparable) checks.push(...(compare?.(found) ?? []));
      return { status: 'inspected', verdict, from: found.from, ...against };
    } finally {
      share.release();
    }
  }

  async #tarballVerdict(
    { bytes, format }: ObtainedBytes,
    expected: ExpectedPackage | undefined,
  ): Promise<Verdict> {
    const more = expected === undefined ? {} : { expected };
    const options = { policy: this.#options.policy, format, ...more };
    const verdict = await this.#pool.inspect(bytes, options);
    this.#store.put({ integrity: verdict.archive.integrity, format, ...more }, verdict);
    return verdict;
  }
}
