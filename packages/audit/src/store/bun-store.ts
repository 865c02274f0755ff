/* bun's cache has the unpacked files of each package, and bun installs them as they are. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { bunFolder, bunSlot } from '../cache/bun-cache.ts';
import { namesIn } from '../cache/folder-entries.ts';
import { compareFolder, SAME, type ClientStore, type StoredOutcome } from './stored.ts';

export function bunStore(cache: string): ClientStore {
  const scopes = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const slotsIn = (scope: string): ReadonlyMap<string, readonly string[]> => {
    const known = scopes.get(scope) ?? bunSlots(join(cache, scope));
    scopes.set(scope, known);
    return known;
  };
  return {
    itemsFor(task) {
      const locked = task.find(({ kind }) => kind === 'bun')?.locked;
      if (locked?.source.type !== 'registry') return [];
      const [scope, base] = locked.name.startsWith('@')
        ? locked.name.split('/')
        : ['', locked.name];
      const slots = slotsIn(scope ?? '').get(`${base}@${slotVersion(locked.version)}`) ?? [];
      const [first] = slots;
      if (first === undefined) return [];
      const paths = slots.map((slot) => join(cache, scope ?? '', slot));
      return [
        {
          path: paths[0]!,
          client: 'bun',
          // Several prereleases have names that look alike. The right one is among them.
          compare: (archives) => {
            let wrong: StoredOutcome | undefined;
            for (const path of paths) {
              const outcome = compareFolder(bunFolder(path), archives);
              if (outcome === SAME && isPrerelease(locked.version)) return SAME;
              if (outcome !== SAME) wrong ??= outcome;
            }
            return wrong ?? SAME;
          },
        },
      ];
    },
  };
}

/** The names of the packages' folders, by name and version. A link counts as well, because bun follows it. */
function bunSlots(folder: string): Map<string, string[]> {
  const slots = new Map<string, string[]>();
  for (const name of namesIn(folder)) {
    const named = bunSlot(name);
    if (named === undefined) continue;
    if (lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined) continue;
    const key = `${named.base}@${slotVersion(named.version)}`;
    slots.set(key, [...(slots.get(key) ?? []), name]);
  }
  return slots;
}

function isPrerelease(version: string): boolean {
  return /[-+]/.test(version);
}

/** bun replaces a prerelease, and what comes after a plus sign, by a hash. */
function slotVersion(version: string): string {
  return version.replace(/-[^+]*/, '-').replace(/\+.*$/s, '+');
}
