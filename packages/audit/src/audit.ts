/*
 * The flow of an audit:
 *
 *   lockfiles -> entries -> tasks, each `sourceKey` once -> a remembered verdict, or bytes -> verdict -> result
 *
 * Many tasks are under way at once; results come in the order of the lockfiles. What has no verdict is a result that says so.
 */
import { RULESET } from '@tarwarden/core';
import type { Limits } from '@tarwarden/core/limits';
import { openVerdictStore } from '@tarwarden/host';
import { pMapIterable } from 'p-map';
import { AT_ONCE, Auditor, type AuditOptions, type Compare } from './auditor.ts';
import { bundledCompare } from './bundled.ts';
import type { GoVendor } from './ecosystems/go/vendor.ts';
import type { Plan, Task } from './plan.ts';
import type { AuditResult } from './result.ts';
import { shrinkwrapCompare } from './shrinkwrap.ts';

/**
 * Results in the order of the lockfiles, problems of these first.
 *
 * @param compareFor What else is asked of the bytes of a task.
 */
export async function* audit(
  plan: Plan,
  options: AuditOptions,
  compareFor: (task: Task) => Compare | undefined = () => undefined,
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
    const resultsFor = (task: Task): Promise<readonly AuditResult[]> => {
      const { limits } = policy;
      const all = [
        compareFor(task),
        shrinkwrapCompare(task, limits),
        bundledCompare(task, limits),
        task[0].locked.ecosystem === 'go'
          ? vendors.get(task[0].folder)?.compareFor(task)
          : undefined,
      ];
      return auditor.results(task, inAll(all.filter((one) => one !== undefined)));
    };
    // Results wait for an earlier one without a limit, so that one slow download does not stop the others.
    const atMost = { concurrency: AT_ONCE, backpressure: Infinity };
    for await (const results of pMapIterable(plan.tasks, resultsFor, atMost)) yield* results;
    for (const vendor of vendors.values()) yield* vendor.rest();
  } finally {
    store.flush();
  }
}

/** Folders that go builds from beside a go.sum, by the folder of that. */
async function vendorsOf(
  { goFolders }: Plan,
  limits: Limits,
): Promise<ReadonlyMap<string, GoVendor>> {
  const vendors = new Map<string, GoVendor>();
  if (goFolders.length === 0) return vendors;
  const { GoVendor, isVendored } = await import('./ecosystems/go/vendor.ts');
  for (const folder of goFolders)
    if (isVendored(folder)) vendors.set(folder, new GoVendor(folder, limits));
  return vendors;
}

function inAll(compares: readonly Compare[]): Compare | undefined {
  if (compares.length === 0) return undefined;
  return (found) => compares.flatMap((compare) => compare(found));
}
