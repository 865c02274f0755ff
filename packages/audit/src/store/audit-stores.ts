/*
 * Audits what the caches and stores of the clients hold for the packages of lockfiles, for use after a cache was restored:
 *
 *   task -> what the caches of its client hold -> the archive, from a cache, by the hash of the lockfile -> compared
 *
 * Nothing is downloaded. A package that is in no cache cannot be poisoned in one, so the audit only counts it.
 */
import { unpackedFiles } from '@tarwarden/core/trees';
import { knownTree } from '@tarwarden/host';
import { audit } from '../audit.ts';
import type { AuditOptions } from '../auditor.ts';
import type { AuditPlan, AuditTask } from '../plan.ts';
import type { AuditResult, NotInspectedReason } from '../result.ts';
import type { ClientStore, KnownArchive, StoredItem } from './stored.ts';

export async function* auditStores(
  plan: AuditPlan,
  stores: readonly ClientStore[],
  options: AuditOptions,
): AsyncGenerator<AuditResult> {
  const { limits } = options.policy;
  const stored = new Map<AuditTask, StoredPackage>();
  yield* audit(plan, options, {
    compareFor: (task) => {
      const { items, archives } = stored.get(task) ?? NOTHING;
      const clients = new Set(items.flatMap(({ client }) => client ?? []));
      return ({ bytes, format, unpinned }) => {
        const trees = new Map(
          [...clients].map((client) => [client, unpackedFiles(bytes, format, client, limits)]),
        );
        archives.push({
          treeFor(client) {
            const files = trees.get(client);
            return files && { files };
          },
          isPinned: unpinned !== true,
        });
        return [];
      };
    },
    knowsFor: (task) => {
      const { items, archives } = stored.get(task) ?? NOTHING;
      return ({ trees = {} }) => {
        const isKnown = items.some(({ client }) => client && typeof trees[client] === 'string');
        if (!isKnown) return false;
        archives.push({
          treeFor(client) {
            const digest = trees[client];
            if (typeof digest !== 'string') return undefined;
            const files = knownTree(digest, options.env);
            return { digest, ...(files !== undefined && { files }) };
          },
          isPinned: true,
        });
        return true;
      };
    },
    resultsOf: async (task, inspect) => {
      const items = stores.flatMap((store) => store.itemsFor(task));
      if (items.length === 0) return isFetched(task) ? [absentResult(task)] : inspect();
      const archives: KnownArchive[] = [];
      stored.set(task, { items, archives });
      const [first, ...rest] = await inspect();
      stored.delete(task);
      return first === undefined ? [] : storedResults([first, ...rest], { items, archives });
    },
  });
}

/** The items of caches for a package, and its archives as they are found. */
interface StoredPackage {
  readonly items: readonly StoredItem[];
  readonly archives: KnownArchive[];
}

const NOTHING: StoredPackage = { items: [], archives: [] };

/** The results of a package after its stored items were compared. The first has the differences. */
function storedResults(
  results: readonly [AuditResult, ...AuditResult[]],
  { items, archives }: StoredPackage,
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

/** Whether a client fetches an archive for the package. Others are folders, or are inside another archive. */
function isFetched([{ locked }]: AuditTask): boolean {
  return ['registry', 'url', 'git', 'file'].includes(locked.source.type);
}

function absentResult([{ locked, place }]: AuditTask): AuditResult {
  const { ecosystem, name, version } = locked;
  const identity = { ecosystem, name, version };
  const about = { package: identity, places: [place], checks: [] };
  return { ...about, status: 'own', why: 'in no cache', isAbsent: true };
}
