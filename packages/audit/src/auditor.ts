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
import { isAmbiguous, type LockedPackage } from '@tarwarden/lockfiles';
import { gitCommit } from './git-commit.ts';
import { expectedFromLockfile, verdictKeyOf } from './verdict-keys.ts';
import { withWords } from './lockfile-words.ts';
import { fromRepository } from './bytes/git-repository.ts';
import { localPythonArchive } from './bytes/local-file.ts';
import type { ObtainedBytes } from './bytes/source.ts';
import {
  findFirst,
  type ArchiveFinder,
  type FindResult,
  type FoundArchive,
} from './ecosystems/archives.ts';
import { Ecosystems } from './ecosystems/index.ts';
import { obtainBytes, type ByteSources } from './obtain.ts';
import { entryChecks } from './origin.ts';
import type { LockfileEntry, AuditTask } from './plan.ts';
import type { AuditResult, BytesFrom, Check, NotInspectedReason } from './result.ts';

export interface AuditOptions extends ByteSources {
  readonly policy: Policy;
  /** The git dependencies that the policy accepts without an inspection. If absent, it accepts no such dependency. */
  readonly gitDependencies?: GitDependencies;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Starts a thread that runs `serveInspections` of `host`. */
  readonly startThread: () => Worker;
  /** Called when a task of the plan has its results. Results are yielded in order, so maybe later. */
  readonly onTask?: () => void;
}

/** Another check for accepted bytes. A task that has one needs the bytes, even if the verdict is remembered. */
export type ArchiveComparison = (found: ObtainedBytes) => readonly Check[];

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

  constructor(options: AuditOptions, store: VerdictStore) {
    const reach = new HostReach();
    this.#options = { ...options, reach };
    this.#store = store;
    this.#pool = new InspectionPool(options.startThread);
    this.#ecosystems = new Ecosystems(this.#options);
  }

  /** Returns at least one result. There are several if clients may take different archives for one entry. */
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
      if (archives === undefined || locked.source.type === 'git')
        return [
          this.#withGit(entry, {
            ...about,
            ...(await this.#tarballOutcome(task, checks, compare)),
          }),
        ];
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
          : findFirst(task, archives, { store: this.#store, report });
      for await (const found of all) {
        if ('content' in found && typeof found.content !== 'string')
          share.resize(found.content.length);
        const outcome = await this.#archiveOutcome(entry, found, report);
        if (outcome.status === 'inspected' && outcome.verdict.status === 'accept')
          checks.push(...moduleChecks(found, compare));
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
    if ('remembered' in found)
      return {
        status: 'inspected',
        verdict: found.remembered,
        from: 'remembered',
        expected: found.expected,
        ...file,
      };
    if (found.unpinned !== undefined)
      report(unpinnedCheck(found.unpinned, 'the lockfile has no checksum for it'));
    const verdict = await this.#archiveVerdict(found);
    if (found.unverified !== undefined && verdict.status === 'accept')
      return { status: 'not-inspected', error: { code: 'NO_BYTES', message: found.unverified } };
    const { from, expected } = found;
    return { status: 'inspected', verdict, from, expected, ...file };
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
      const verdict = withWords(remembered, task, this.#options.policy);
      return { status: 'inspected', verdict, from: 'remembered', ...against };
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
      const inspected = await this.#tarballVerdict(found, expected);
      const verdict = withWords(inspected, task, this.#options.policy);
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
    const { policy } = this.#options;
    const more = expected === undefined ? {} : { expected };
    const verdict = await this.#pool.inspect(bytes, { policy, format, ...more });
    this.#store.put({ integrity: verdict.archive.integrity, format, ...more }, verdict);
    return verdict;
  }
}

type Outcome =
  | Pick<
      Extract<AuditResult, { status: 'inspected' }>,
      'status' | 'verdict' | 'from' | 'file' | 'expected'
    >
  | Pick<Extract<AuditResult, { status: 'not-inspected' }>, 'status' | 'error'>;

/** Whether the client chooses this file among several of the version. The result then names the file. */
function isChosen({ ecosystem, anyPlatform, name, version }: LockedPackage, file: string): boolean {
  if (ecosystem === 'pypi') return true;
  return anyPlatform === true && file !== `${name}-${version}.gem`;
}

const SEVERAL_HASHES: NotInspectedReason = {
  code: 'NO_INTEGRITY',
  message: 'its entry has several hashes, of which the package manager takes any',
  remedy: 'remove the entry, and have the package manager write it anew',
};

/** Only modules of Go have another check: it compares them with `vendor`. */
function moduleChecks(found: FindResult, compare: ArchiveComparison | undefined): readonly Check[] {
  if (compare === undefined || !('content' in found)) return [];
  const { content: bytes, format, from } = found;
  return typeof bytes === 'string' || format !== 'gomod' ? [] : compare({ bytes, from, format });
}

function whyNotFetched({ source }: LockedPackage): string | undefined {
  switch (source.type) {
    case 'folder':
      return 'a folder, which is not fetched';
    case 'workspace':
      return 'a folder of the project';
    case 'bundled':
      return 'inside of the archive that brings it';
    case 'patch':
      return 'made on this machine of a package that has an entry of its own';
    default:
      return undefined;
  }
}

function unpinnedTarball({ integrity }: LockedPackage, from: BytesFrom): Check {
  const inspected = from === 'registry' ? 'what its registry has now' : 'the file as it is now';
  return integrity?.type === 'yarn-zip'
    ? unpinnedCheck(
        inspected,
        'the checksum in yarn.lock is of the zip that Yarn makes, so it is not shown that these bytes are the ones',
      )
    : unpinnedCheck(inspected, 'the lockfile has no integrity for it');
}

function unpinnedCheck(inspected: string, why: string): Check {
  return { id: 'unpinned', level: 'warning', message: `inspected was ${inspected}: ${why}` };
}
