/* Audits files that a cache has unpacked. The archives in caches are inspected elsewhere, as they are. */
import type { AuditOptions } from '../auditor.ts';
import type { ArchiveComparison } from '../task-checks.ts';
import { audit } from '../audit.ts';
import type { AuditTask } from '../plan.ts';
import type { AuditResult } from '../result.ts';
import { bunPackages } from './bun-cache.ts';
import type { CacheItem } from './cached.ts';
import type { CachePlaces } from './places.ts';
import { classicPackages } from './yarn-classic.ts';

/** Results for the caches of Yarn 1, pnpm and bun. */
export async function* auditCaches(
  places: CachePlaces,
  options: AuditOptions,
): AsyncGenerator<AuditResult> {
  const { limits } = options.policy;
  for (const root of places.yarnClassic)
    yield* auditAll(classicPackages(root, limits), { ...options, root, caches: [] });
  const unpinned = { ...options, isPinned: false };
  // Loaded late, because it alone needs a reader for databases.
  const { pnpmPackages } = await import('./pnpm-store.ts');
  for (const store of places.pnpm) yield* auditAll(pnpmPackages(store, limits), unpinned);
  for (const cache of places.bun) yield* auditAll(bunPackages(cache, limits), unpinned);
}

async function* auditAll(
  all: readonly CacheItem[],
  options: AuditOptions,
): AsyncGenerator<AuditResult> {
  const compares = new Map<AuditTask, ArchiveComparison>();
  for (const cached of all) {
    if ('result' in cached) yield cached.result;
    else compares.set(cached.task, cached.compare);
  }
  const plan = {
    tasks: [...compares.keys()],
    problems: [],
    members: [],
    goFolders: [],
    unlocked: [],
  };
  yield* audit(plan, options, { compareFor: (task) => compares.get(task) });
}
