/*
 * The flow of an audit:
 *
 *   lockfiles -> entries -> tasks, each `sourceKey` once -> a remembered verdict, or bytes -> verdict -> result
 *
 * Many tasks run at once. Their results come in the order of the lockfiles. A package without a verdict has a result that says why.
 */
import { RULESET } from '@tarwarden/core';
import type { Limits } from '@tarwarden/core/limits';
import { openVerdictStore } from '@tarwarden/host';
import { AT_ONCE, Auditor, type AuditOptions, type ArchiveComparison } from './auditor.ts';
import { bundledCompare } from './bundled.ts';
import type { GoVendor } from './ecosystems/go/vendor.ts';
import { inOrder } from './in-order.ts';
import type { AuditPlan, AuditTask } from './plan.ts';
import type { AuditResult } from './result.ts';
import { shrinkwrapCompare } from './shrinkwrap.ts';

/**
 * Yields the problems of the lockfiles, then the results in the order of the lockfiles.
 *
 * @param compareFor Another check for the accepted bytes of a task.
 */
export async function* audit(
  plan: AuditPlan,
  options: AuditOptions,
  compareFor: (task: AuditTask) => ArchiveComparison | undefined = () => undefined,
): AsyncGenerator<AuditResult> {
  for (const { message, ...place } of plan.problems)
    yield {
      places: [place],
      checks: [],
      status: 'not-inspected',
      error: { code: 'LOCKFILE', message },
    };
  for (const { name, place, check } of plan.unlocked)
    yield {
      package: { ecosystem: 'npm', name, version: '' },
      places: [place],
      checks: [check],
      status: 'own',
      why: 'without an entry of its own in the lockfile',
    };
  const { policy, env } = options;
  const store = openVerdictStore({ ruleset: RULESET, policy, env });
  const auditor = new Auditor(options, store);
  const vendors = await vendorsOf(plan, policy.limits);
  try {
    const groups = inOrder(plan.tasks, AT_ONCE, async (task) => {
      const { limits } = policy;
      const all = [
        compareFor(task),
        shrinkwrapCompare(task, limits),
        bundledCompare(task, limits),
        task[0].locked.ecosystem === 'go'
          ? vendors.get(task[0].folder)?.compareFor(task)
          : undefined,
      ];
      return auditor.results(task, inAll(all.filter((compare) => compare !== undefined)));
    });
    for await (const results of groups) yield* results;
    for (const vendor of vendors.values()) yield* vendor.rest();
  } finally {
    store.flush();
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

function inAll(compares: readonly ArchiveComparison[]): ArchiveComparison | undefined {
  if (compares.length === 0) return undefined;
  return (found) => compares.flatMap((compare) => compare(found));
}
