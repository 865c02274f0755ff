/*
 * The flow of an audit:
 *
 *   lockfiles -> entries -> tasks, each `sourceKey` once -> a remembered verdict, or bytes -> verdict -> words about it -> result
 *
 * Many tasks run at once. Their results come in the order of the lockfiles. A package without a verdict has a result that says why.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { RULESET, TarwardenError, type Policy, type Verdict } from '@tarwarden/core';
import {
  gitDependencyHash,
  prefixedName,
  weighClaims,
  type GitDependencies,
  type GitDependency,
} from '@tarwarden/core/policy';
import { printable, printablePath } from '@tarwarden/core/text';
import {
  ByteBudget,
  HostReach,
  InspectionPool,
  integrityOf,
  openVerdictStore,
  type VerdictStore,
} from '@tarwarden/guard';
import { isAmbiguous, resolvedCommit, type LockedPackage } from '@tarwarden/clients/lockfiles';
import { pMapIterable } from 'p-map';
import {
  findFirst,
  type ArchiveFinder,
  type FindResult,
  type FoundArchive,
  type RememberedArchive,
} from './archives.ts';
import { broughtCompare } from './brought-packages.ts';
import { fromRepository, NpmPackages, type NpmSources } from './ecosystems/npm/npm-packages.ts';
import { entryChecks } from './origin.ts';
import type { AuditPlan, AuditTask, LockfileEntry } from './plan.ts';
import { RegistryWords } from './registry-words.ts';
import type { AuditResult, Check, GitCommit, NotInspectedReason, Outcome } from './result.ts';

export interface AuditOptions extends NpmSources {
  readonly policy: Policy;
  /** The git dependencies that the policy accepts without an inspection. If absent, it accepts no such dependency. */
  readonly gitDependencies?: GitDependencies;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Starts a thread that runs `serveInspections` of `host`. */
  readonly startThread: () => Worker;
  /** Called at the end with each thing that the user should know, in one escaped line. */
  readonly onNote?: (note: string) => void;
  /** Called when a task of the plan has its results. Results are yielded in order, so maybe later. */
  readonly onTask?: () => void;
}

/** Packages under way at once. */
const AT_ONCE = 24;

/** Bytes of all archives that are in memory at once. An archive counts from before it is read until it has a verdict. */
const HELD_MAX = 256 * 1024 * 1024;

/** Yields the problems of the lockfiles, then the results in the order of the lockfiles. */
export async function* audit(plan: AuditPlan, options: AuditOptions): AsyncGenerator<AuditResult> {
  yield* lockfileProblems(plan);
  yield* unlockedRequests(plan);
  const { policy, env } = options;
  const store = openVerdictStore({ ruleset: RULESET, policy, env });
  const auditor = new Auditor(options, store);
  try {
    const resultsFor = async (task: AuditTask): Promise<readonly AuditResult[]> => {
      const results = await auditor.results(task);
      options.onTask?.();
      return results;
    };
    // Results wait for an earlier one without a limit, so that one slow download does not stop the others.
    const atMost = { concurrency: AT_ONCE, backpressure: Infinity };
    for await (const results of pMapIterable(plan.tasks, resultsFor, atMost)) yield* results;
    for (const note of auditor.registryWords.notes()) options.onNote?.(note);
    for (const folder of plan.goFolders.filter((path) => isVendored(path)))
      options.onNote?.(
        `go builds from ${printablePath(join(folder, 'vendor'))}, which was not inspected`,
      );
  } finally {
    store.flush();
  }
}

function* lockfileProblems({ problems }: AuditPlan): Generator<AuditResult> {
  for (const { message, ...location } of problems) {
    const error = { code: 'LOCKFILE', message } as const;
    yield { places: [location], checks: [], status: 'not-inspected', error };
  }
}

function* unlockedRequests({ unlocked }: AuditPlan): Generator<AuditResult> {
  for (const { name, location, check } of unlocked) {
    const identity = { ecosystem: 'npm', name, version: '' } as const;
    yield { package: identity, places: [location], checks: [check], status: 'own' };
  }
}

/** go takes the modules of a project from `vendor` if there is this file. */
function isVendored(folder: string): boolean {
  return existsSync(join(folder, 'vendor', 'modules.txt'));
}

type CheckedOutcome = Outcome & { readonly checks: readonly Check[] };

class Auditor {
  readonly #options: AuditOptions;
  readonly #store: VerdictStore;
  readonly #pool: InspectionPool;
  readonly #held = new ByteBudget(HELD_MAX);
  readonly #finders = new Map<string, Promise<ArchiveFinder>>();
  readonly registryWords: RegistryWords;

  constructor(options: AuditOptions, store: VerdictStore) {
    this.#options = { ...options, reach: new HostReach() };
    this.#store = store;
    this.#pool = new InspectionPool(options.startThread);
    this.registryWords = new RegistryWords(this.#options, store);
  }

  /** Returns at least one result. There are several if clients may take different archives for one entry. */
  async results(task: AuditTask): Promise<readonly AuditResult[]> {
    const [entry] = task;
    const { ecosystem, name, version, source, integrity } = entry.locked;
    const checks: Check[] = [];
    const about = {
      package: { ecosystem, name, version },
      places: task.flatMap(({ location, askedAt = [] }) => [location, ...askedAt]),
      checks,
    };
    try {
      const finder = await this.#finderFor(entry);
      checks.push(...entryChecks(task, finder));
      if (NOT_FETCHED.has(source.type)) return [{ ...about, status: 'own' }];
      if (integrity !== undefined && isAmbiguous(integrity))
        return [{ ...about, status: 'not-inspected', error: SEVERAL_HASHES }];
      const outcomes = await this.#outcomes(task, finder);
      return outcomes.map(({ checks: archiveChecks, ...outcome }, index) => ({
        ...about,
        // Report the problems of the entry itself once, with the first of its archives.
        checks: index === 0 ? [...checks, ...archiveChecks] : archiveChecks,
        ...outcome,
        ...this.#gitOf(entry, outcome),
      }));
    } catch (error) {
      const errorText = printable(error instanceof Error ? error.message : String(error));
      // A TarwardenError says that settings of the user cannot be read.
      const reason: NotInspectedReason =
        error instanceof TarwardenError
          ? { code: 'NO_BYTES', message: errorText }
          : { code: 'CRASHED', message: `the inspection broke off: ${errorText}` };
      return [{ ...about, status: 'not-inspected', error: reason }];
    }
  }

  /** Each ecosystem is loaded with its first package. @throws TarwardenError if a settings file cannot be read. */
  #finderFor({ locked: { ecosystem }, kind, folder }: LockfileEntry): Promise<ArchiveFinder> {
    // Each client of npm's packages has registries of its own, and each Gemfile has settings of its own.
    const key = JSON.stringify([
      ecosystem,
      ecosystem === 'npm' ? kind : '',
      ecosystem === 'rubygems' ? folder : '',
    ]);
    const options = this.#options;
    const load = async (): Promise<ArchiveFinder> => {
      switch (ecosystem) {
        case 'go':
          return new (await import('./ecosystems/go-modules.ts')).GoModules(options);
        case 'pypi':
          return new (await import('./ecosystems/pypi/pypi.ts')).Pypi(options);
        case 'rubygems':
          return new (await import('./ecosystems/gems/gems.ts')).Gems({ ...options, folder });
        case 'npm':
          return new NpmPackages(options, kind);
      }
    };
    const finder = this.#finders.get(key) ?? load();
    this.#finders.set(key, finder);
    return finder;
  }

  async #outcomes(task: AuditTask, finder: ArchiveFinder): Promise<readonly CheckedOutcome[]> {
    const [entry] = task;
    const compare = broughtCompare(task, this.#options.policy.limits);
    const checks: Check[] = [];
    // A cache is asked for each entry of the task, and reports once.
    const report = (check: Check): void => {
      if (!checks.some(({ message }) => message === check.message)) checks.push(check);
    };
    const outcomes: CheckedOutcome[] = [];
    const share = this.#held.share();
    await share.take(HELD_MAX / AT_ONCE);
    try {
      const isGit = entry.locked.source.type === 'git';
      const archives = isGit
        ? [await fromRepository(entry.locked, this.#options.offline)]
        : findFirst(task, finder, {
            store: this.#store,
            report,
            ...(compare !== undefined && { needsBytes: true }),
          });
      for await (const result of archives) {
        const archive =
          'content' in result && typeof result.content !== 'string'
            ? { bytes: result.content, format: result.format }
            : undefined;
        if (archive !== undefined) share.resize(archive.bytes.length);
        const outcome = await this.#outcome(entry, result, report);
        // Packing leaves files of a git repository out, so the files cannot be compared.
        const isAccepted = outcome.status === 'inspected' && outcome.verdict.status === 'accept';
        if (archive !== undefined && isAccepted && !isGit)
          checks.push(...(compare?.(archive) ?? []));
        const spoken =
          entry.locked.ecosystem === 'npm'
            ? await this.registryWords.addTo(outcome, task)
            : outcome;
        outcomes.push({ ...spoken, checks: checks.splice(0) });
      }
      return outcomes;
    } finally {
      share.release();
    }
  }

  async #outcome(
    { locked }: LockfileEntry,
    result: FindResult,
    report: (check: Check) => void,
  ): Promise<Outcome> {
    if ('code' in result) return { status: 'not-inspected', error: result };
    const name = 'remembered' in result ? result.fileName : result.expected?.fileName;
    const file = name !== undefined && isChosen(locked, name) ? { file: name } : {};
    const isNew = 'content' in result;
    const alone = isNew ? await this.#verdict(result) : result.remembered;
    if (isNew && result.unpinned !== undefined)
      report({ id: 'unpinned', level: 'warning', message: `inspected was ${result.unpinned}` });
    if (isNew && result.unverified !== undefined && alone.status === 'accept')
      return { status: 'not-inspected', error: { code: 'NO_BYTES', message: result.unverified } };
    const verdict = await withClaims(alone, result, this.#options.policy);
    if ('code' in verdict) return { status: 'not-inspected', error: verdict };
    return { status: 'inspected', verdict, from: isNew ? result.from : 'remembered', ...file };
  }

  async #verdict({ content, format, expected, key, dispose }: FoundArchive): Promise<Verdict> {
    const about = { format, ...(expected !== undefined && { expected }) };
    const options = { policy: this.#options.policy, ...about };
    try {
      const verdict =
        typeof content === 'string'
          ? await this.#pool.inspectFile(content, options)
          : (this.#store.get({ integrity: integrityOf(content), ...about }) ??
            (await this.#pool.inspect(content, options)));
      this.#store.put({ integrity: verdict.archive.integrity, ...about }, verdict);
      if (key !== undefined) this.#store.put(key, verdict);
      return verdict;
    } finally {
      dispose?.();
    }
  }

  /** The part of the policy about a git dependency that cannot be inspected. */
  #gitOf({ locked }: LockfileEntry, outcome: Outcome): { readonly git?: GitCommit } {
    if (outcome.status !== 'not-inspected' || outcome.error.code !== 'NO_ARCHIVE') return {};
    const git = gitCommit(locked, this.#options.gitDependencies ?? { held: [], proposed: [] });
    return git === undefined ? {} : { git };
  }
}

/** Sources of packages that are not fetched: parts of the project, of other archives, or made of a package with an entry of its own. */
const NOT_FETCHED: ReadonlySet<string> = new Set(['folder', 'workspace', 'bundled', 'patch']);

const SEVERAL_HASHES: NotInspectedReason = {
  code: 'NO_INTEGRITY',
  message: 'its entry has several hashes, of which the package manager takes any',
  remedy: 'remove the entry, and have the package manager write it anew',
};

/** Whether the client chooses this file among several of the version. The result then names the file. */
function isChosen({ ecosystem, anyPlatform, name, version }: LockedPackage, file: string): boolean {
  if (ecosystem === 'pypi') return true;
  return anyPlatform === true && file !== `${name}-${version}.gem`;
}

/** The verdict together with what an index or a lockfile says of an accepted archive. It stays as it is if it rejects already. */
async function withClaims(
  verdict: Verdict,
  { claimsFor, expected }: FoundArchive | RememberedArchive,
  policy: Policy,
): Promise<Verdict | NotInspectedReason> {
  if (claimsFor === undefined || verdict.status !== 'accept') return verdict;
  const claims = await claimsFor(verdict);
  return 'code' in claims ? claims : weighClaims(verdict, claims, { policy, expected });
}

/** Undefined if the lockfile does not name the package and a whole commit. Then the policy cannot accept it. */
export function gitCommit(
  { ecosystem, name, source }: LockedPackage,
  { held, proposed }: GitDependencies,
): GitCommit | undefined {
  const resolved = source.type === 'git' ? resolvedCommit(source) : undefined;
  if (resolved === undefined || name === '') return undefined;
  const packageName = prefixedName(ecosystem, name);
  const isThis = (dependency: GitDependency): boolean =>
    dependency.package === packageName && dependency.resolved === resolved;
  const accepted = held.find(isThis);
  const proposal = accepted === undefined ? proposed.find(isThis) : undefined;
  return {
    package: packageName,
    resolved,
    ...(accepted !== undefined && { accepted }),
    ...(proposal !== undefined && { proposed: gitDependencyHash(proposal) }),
  };
}
