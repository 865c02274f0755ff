/*
 * The flow of an audit:
 *
 *   lockfiles -> entries -> tasks, each `sourceKey` once -> a remembered verdict, or bytes -> verdict -> result
 *
 * Many tasks run at once. Their results come in the order of the lockfiles. A package without a verdict has a result that says why.
 */
import { RULESET, type Verdict } from '@tarwarden/core';
import type { Limits } from '@tarwarden/core/limits';
import { openVerdictStore } from '@tarwarden/host';
import { pMapIterable } from 'p-map';
import { AT_ONCE, Auditor, type AuditOptions } from './auditor.ts';
import type { ArchiveComparison } from './task-checks.ts';
import { bundledCompare, shrinkwrapCompare } from './brought-packages.ts';
import type { GoVendor } from './ecosystems/go/vendor.ts';
import type { AuditPlan, AuditTask } from './plan.ts';
import type { AuditResult } from './result.ts';

export interface AuditHooks {
  /** Another check for the accepted bytes of a task. */
  readonly compareFor?: (task: AuditTask) => ArchiveComparison | undefined;
  /** Whether a remembered verdict has all that {@link compareFor} needs. It is used if no cache has the bytes. */
  readonly knowsFor?: (task: AuditTask) => (verdict: Verdict) => boolean;
  /** Replaces the results of a task. `inspect` inspects it as usual. */
  readonly resultsOf?: (
    task: AuditTask,
    inspect: () => Promise<readonly AuditResult[]>,
  ) => Promise<readonly AuditResult[]>;
}

/** Yields the problems of the lockfiles, then the results in the order of the lockfiles. */
export async function* audit(
  plan: AuditPlan,
  options: AuditOptions,
  {
    compareFor = () => undefined,
    knowsFor = () => () => false,
    resultsOf = (_, inspect) => inspect(),
  }: AuditHooks = {},
): AsyncGenerator<AuditResult> {
  yield* lockfileProblems(plan);
  yield* unlockedRequests(plan);
  const { policy, env, trees } = options;
  const store = openVerdictStore({ ruleset: RULESET, policy, env, trees });
  const auditor = new Auditor(options, store);
  const vendors = await vendorsOf(plan, policy.limits);
  const comparisonOf = (task: AuditTask): ArchiveComparison | undefined =>
    joined([
      compareFor(task),
      shrinkwrapCompare(task, policy.limits),
      bundledCompare(task, policy.limits),
      task[0].locked.ecosystem === 'go' ? vendors.get(task[0].folder)?.compareFor(task) : undefined,
    ]);
  try {
    const resultsFor = async (task: AuditTask): Promise<readonly AuditResult[]> => {
      const results = await resultsOf(task, () =>
        auditor.results(task, comparisonOf(task), knowsFor(task)),
      );
      options.onTask?.();
      return results;
    };
    // Results wait for an earlier one without a limit, so that one slow download does not stop the others.
    const atMost = { concurrency: AT_ONCE, backpressure: Infinity };
    for await (const results of pMapIterable(plan.tasks, resultsFor, atMost)) yield* results;
    for (const vendor of vendors.values()) yield* vendor.rest();
    for (const note of auditor.words.notes()) options.onNote?.(note);
  } finally {
    store.flush();
  }
}

function* lockfileProblems({ problems }: AuditPlan): Generator<AuditResult> {
  for (const { message, ...place } of problems) {
    const error = { code: 'LOCKFILE', message } as const;
    yield { places: [place], checks: [], status: 'not-inspected', error };
  }
}

function* unlockedRequests({ unlocked }: AuditPlan): Generator<AuditResult> {
  const why = 'without an entry of its own in the lockfile';
  for (const { name, place, check } of unlocked) {
    const identity = { ecosystem: 'npm', name, version: '' } as const;
    yield { package: identity, places: [place], checks: [check], status: 'own', why };
  }
}

/** The `vendor` folders from which go builds, by the folder of the go.sum beside each. */
async function vendorsOf(
  { goFolders }: AuditPlan,
  limits: Limits,
): Promise<ReadonlyMap<string, GoVendor>> {
  const vendors = new Map<string, GoVendor>();
  if (goFolders.length === 0) return vendors;
  const { GoVendor, isVendored } = await import('./ecosystems/go/vendor.ts');
  for (const folder of goFolders)
    if (isVendored(folder)) vendors.set(folder, new GoVendor(folder, limits));
  return vendors;
}

function joined(all: readonly (ArchiveComparison | undefined)[]): ArchiveComparison | undefined {
  const comparisons = all.filter((compare) => compare !== undefined);
  if (comparisons.length === 0) return undefined;
  return (found) => comparisons.flatMap((compare) => compare(found));
}
