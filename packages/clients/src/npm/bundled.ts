/*
 * Finds packages that come in the archive of another one. npm believes the list of bundled packages in the entry of the outer package. It
 * fetches all others from a registry, even if their own entries say that they are bundled. These have no integrity.
 */
import { isTrue, type Fields, type JsonReader } from '../lockfile/json-tree.ts';

const MODULES = '/node_modules/';

const DEPENDENCIES = ['dependencies', 'optionalDependencies', 'peerDependencies'];

export interface Bundled {
  /** The paths of entries that come in an archive. */
  readonly paths: ReadonlySet<string>;
  /** The folders of bundled packages, by the path of the outer package. */
  readonly foldersByOwner: ReadonlyMap<string, readonly string[]>;
}

/** Packages that the project itself bundles are fetched like any other. Those that a dependency bundles have no address. */
export function isWithoutAddress(fields: Fields): boolean {
  return !fields.has('resolved') && !fields.has('integrity');
}

/** @param entries The entries of `packages`, by path. */
export function bundledIn(json: JsonReader, entries: ReadonlyMap<string, Fields>): Bundled {
  const marked = [...entries].filter(([, fields]) => isMarked(fields)).map(([path]) => path);
  const byOwner = new Map<string, string[]>();
  for (const path of marked) {
    const owner = ownerOf(path, entries);
    if (owner !== undefined) add(byOwner, owner, path);
  }
  const paths = new Set<string>();
  const foldersByOwner = new Map<string, string[]>();
  for (const [owner, below] of byOwner) {
    const names = namesBundled(json, { owner, below, entries });
    const bundledPaths = below.filter((path) => names.has(topOf(path, owner)));
    for (const path of bundledPaths) paths.add(path);
    foldersByOwner.set(
      owner,
      bundledPaths.map((path) => path.slice(owner.length + 1)),
    );
  }
  return { paths, foldersByOwner };
}

function add(lists: Map<string, string[]>, key: string, path: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [path]);
  else list.push(path);
}

function isMarked(fields: Fields): boolean {
  return isTrue(fields.get('inBundle')) && isWithoutAddress(fields);
}

/** The fetched package around it. */
function ownerOf(path: string, entries: ReadonlyMap<string, Fields>): string | undefined {
  let at = path;
  do {
    at = at.slice(0, Math.max(0, at.lastIndexOf(MODULES)));
    const fields = entries.get(at);
    if (fields === undefined || !`/${at}`.includes(MODULES)) return undefined;
    if (!isMarked(fields)) return isTrue(fields.get('link')) ? undefined : at;
  } while (at !== '');
  return undefined;
}

/** `@a/b` of `<owner>/node_modules/@a/b/node_modules/c`. */
function topOf(path: string, owner: string): string {
  return path.slice(owner.length + MODULES.length).split(MODULES, 1)[0]!;
}

interface Owned {
  readonly owner: string;
  readonly below: readonly string[];
  readonly entries: ReadonlyMap<string, Fields>;
}

/** The packages that the outer package lists, and their dependencies beside them. */
function namesBundled(json: JsonReader, { owner, below, entries }: Owned): ReadonlySet<string> {
  const bundleItems = entries.get(owner)?.get('bundleDependencies')?.value.children ?? [];
  const names = new Set(bundleItems.map((item) => String(item.value)));
  const byTop = new Map<string, string[]>();
  for (const path of below) {
    const top = topOf(path, owner);
    add(byTop, top, path);
  }
  // The loop also visits names that are added to the set meanwhile.
  for (const name of names)
    for (const path of byTop.get(name) ?? [])
      for (const kind of DEPENDENCIES)
        for (const needed of json.fields(entries.get(path)?.get(kind)?.value).keys())
          names.add(needed);
  return names;
}
