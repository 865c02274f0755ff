/*
 * Audits what the caches and stores of the clients hold for the packages of lockfiles, for use after a cache was restored:
 *
 *   task -> what the caches of its client hold -> the archive, from a cache, by the hash of the lockfile -> compared
 *
 * Nothing is downloaded. A package that is in no cache cannot be poisoned in one, so it is counted and is no problem.
 */
import { audit } from '../audit.ts';
import type { AuditOptions } from '../auditor.ts';
import { archiveFiles } from '../compare/archive-files.ts';
import type { AuditPlan, AuditTask } from '../plan.ts';
import type { AuditResult, NotInspectedReason } from '../result.ts';
import type { ClientStore, KnownArchive, StoredItem } from './stored.ts';

export async function* auditStores(
  plan: AuditPlan,
  stores: readonly ClientStore[],
  options: AuditOptions,
): AsyncGenerator<AuditResult> {
  const { limits } = options.policy;
  const known = new Map<AuditTask, KnownArchive[]>();
  yield* audit(plan, options, {
    compareFor: (task) => {
      const archives: KnownArchive[] = [];
      known.set(task, archives);
      return ({ bytes, format, unpinned }) => {
        archives.push({
          format,
          files: archiveFiles(bytes, format, limits),
          isPinned: unpinned !== true,
        });
        return [];
      };
    },
    resultsOf: async (task, inspect) => {
      const items = stores.flatMap((store) => store.itemsFor(task));
      if (items.length === 0) return [absentResult(task)];
      const [first, ...rest] = await inspect();
      if (first === undefined) return [];
      const archives = known.get(task) ?? [];
      known.delete(task);
      return storedResults([first, ...rest], { items, archives });
    },
  });
}

/** The results of a package after its stored items were compared. The first has the differences. */
function storedResults(
  results: readonly [AuditResult, ...AuditResult[]],
  { items, archives }: { items: readonly StoredItem[]; archives: readonly KnownArchive[] },
): AuditResult[] {
  const outcomes = items.map((item) => ({ item, ...item.compare(archives) }));
  const wrong = outcomes.filter(({ checks }) => checks.length > 0);
  const checks = wrong.flatMap((outcome) => outcome.checks);
  const files = wrong.map(({ item }) => ({ file: item.path }));
  // A cache need not have the archive, if its files were compared without it. If they were not, their outcome says why.
  const kept = results.filter((result) => !isWithoutBytes(result));
  const unknown = kept.some(isHostile)
    ? []
    : outcomes.flatMap(({ item, unknown: error }) =>
        error === undefined ? [] : notComparedResult(results[0], item, error),
      );
  const [first, ...rest] = [...kept, ...unknown];
  const about = first ?? { ...aboutOf(results[0]), status: 'own', why: COMPARED };
  return [
    { ...about, places: [...about.places, ...files], checks: [...about.checks, ...checks] },
    ...rest,
  ];
}

const COMPARED = 'compared with the hash of the lockfile without its archive';

function isWithoutBytes(result: AuditResult): boolean {
  return result.status === 'not-inspected' && result.error.code === 'NO_BYTES';
}

function isHostile(result: AuditResult): boolean {
  return result.status === 'inspected' && result.verdict.status === 'reject';
}

type About = Pick<AuditResult, 'package' | 'places' | 'checks'>;

function aboutOf({ package: identity, places, checks }: AuditResult): About {
  return { ...(identity !== undefined && { package: identity }), places, checks };
}

function notComparedResult(
  result: AuditResult,
  { path }: StoredItem,
  error: NotInspectedReason,
): AuditResult {
  const { places, ...about } = aboutOf(result);
  return { ...about, places: [...places, { file: path }], status: 'not-inspected', error };
}

function absentResult([{ locked, place }]: AuditTask): AuditResult {
  const { ecosystem, name, version } = locked;
  const identity = { ecosystem, name, version };
  const about = { package: identity, places: [place], checks: [] };
  return { ...about, status: 'own', why: 'in no cache', isAbsent: true };
}
