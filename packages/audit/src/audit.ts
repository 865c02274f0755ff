/*
 * The flow of an audit:
 *
 *   lockfiles -> entries -> tasks, each `sourceKey` once -> a remembered verdict, or bytes -> verdict -> result
 *
 * Many tasks run at once. Their results come in the order of the lockfiles. A package without a verdict has a result that says why.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RULESET } from '@tarwarden/core';
import { printablePath } from '@tarwarden/core/text';
import { openVerdictStore } from '@tarwarden/host';
import { pMapIterable } from 'p-map';
import { AT_ONCE, Auditor, type AuditOptions } from './auditor.ts';
import type { ArchiveComparison } from './task-checks.ts';
import { bundledCompare, shrinkwrapCompare } from './brought-packages.ts';
import type { AuditPlan, AuditTask } from './plan.ts';
import type { AuditResult } from './result.ts';

/** Yields the problems of the lockfiles, then the results in the order of the lockfiles. */
export async function* audit(plan: AuditPlan, options: AuditOptions): AsyncGenerator<AuditResult> {
  yield* lockfileProblems(plan);
  yield* unlockedRequests(plan);
  const { policy, env } = options;
  const store = openVerdictStore({ ruleset: RULESET, policy, env });
  const auditor = new Auditor(options, store);
  const comparisonOf = (task: AuditTask): ArchiveComparison | undefined =>
    joined([shrinkwrapCompare(task, policy.limits), bundledCompare(task, policy.limits)]);
  try {
    const resultsFor = async (task: AuditTask): Promise<readonly AuditResult[]> => {
      const results = await auditor.results(task, comparisonOf(task));
      options.onTask?.();
      return results;
    };
    // Results wait for an earlier one without a limit, so that one slow download does not stop the others.
    const atMost = { concurrency: AT_ONCE, backpressure: Infinity };
    for await (const results of pMapIterable(plan.tasks, resultsFor, atMost)) yield* results;
    for (const note of auditor.words.notes()) options.onNote?.(note);
    for (const folder of plan.goFolders.filter((path) => isVendored(path)))
      options.onNote?.(
        `go builds from ${printablePath(join(folder, 'vendor'))}, which was not inspected`,
      );
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

/** go takes the modules of a project from `vendor` if there is this file. */
function isVendored(folder: string): boolean {
  return existsSync(join(folder, 'vendor', 'modules.txt'));
}

function joined(all: readonly (ArchiveComparison | undefined)[]): ArchiveComparison | undefined {
  const comparisons = all.filter((compare) => compare !== undefined);
  if (comparisons.length === 0) return undefined;
  return (found) => comparisons.flatMap((compare) => compare(found));
}
