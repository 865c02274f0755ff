import type { Entry } from '../containers/entry.ts';
import { Trait } from '../containers/entry.ts';
import { foldName } from './name-folding.ts';

/** The path of an entry: its first folder, which every manager strips, and the path in the package. */
export interface PackagePath {
  /** First component. Empty if nothing is stripped, or if a file has only one component. */
  readonly top: string;
  /** The rest, without `.` and empty components. Empty for the first folder itself. */
  readonly key: string;
}

const UNUSUAL = Trait.Dot | Trait.EmptyComponent | Trait.LeadingSlash | Trait.Empty;

/** `first-folder`: the first component is stripped. `whole`: no component is stripped. */
export type TreeLayout = 'first-folder' | 'whole';

/** Splits the path of an entry. For paths that pass all rules, the clients of the format do the same. */
export function packagePath(
  entry: Entry,
  isDirectory: boolean,
  layout: TreeLayout = 'first-folder',
): PackagePath {
  const { path } = entry;
  if (layout === 'whole')
    return { top: '', key: (entry.traits & UNUSUAL) === 0 ? path : components(path).join('/') };
  if ((entry.traits & UNUSUAL) === 0) {
    const slash = path.indexOf('/');
    if (slash < 0) return isDirectory ? { top: path, key: '' } : { top: '', key: path };
    return { top: path.slice(0, slash), key: path.slice(slash + 1) };
  }
  const pathComponents = components(path);
  if (pathComponents.length === 1 && !isDirectory) return { top: '', key: pathComponents[0]! };
  return { top: pathComponents[0] ?? '', key: pathComponents.slice(1).join('/') };
}

/** The components of a path without `.` and empty ones. */
function components(path: string): string[] {
  return path.split('/').filter((component) => component !== '' && component !== '.');
}

/**
 * Normalises a path of a manifest or an installer. Both kinds of slash count, and `..` never climbs above the folder of the package.
 * `posix.normalize` copies the path at each `..`, so it takes minutes for a megabyte.
 */
export function settledPath(path: string): string {
  const pathComponents: string[] = [];
  for (const component of path.split(/[\\/]/)) {
    if (component === '..') pathComponents.pop();
    else if (component !== '' && component !== '.') pathComponents.push(component);
  }
  return pathComponents.join('/');
}

/**
 * Folds a path. If two paths have different folded keys, every file system keeps them apart, also one that folds case, normalises
 * Unicode or ignores characters (docs/design/0003-one-name.md).
 */
export function foldedKey(key: string, traits: number): string {
  if ((traits & (Trait.NonAscii | Trait.UpperCase)) === 0) return key;
  if ((traits & Trait.NonAscii) === 0) return key.toLowerCase();
  const end = key.lastIndexOf('/');
  if (end < 0) return foldedComponent(key);
  const folder = key.slice(0, end);
  const folded = remember(folder, () => folder.split('/').map(foldedComponent).join('/'));
  return `${folded}/${foldedComponent(key.slice(end + 1))}`;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/;

function foldedComponent(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  // A name that has only ignored characters is still a name.
  return remember(name, () => foldName(name) || '\0');
}

/** Recently folded names and folders. Every file in a folder needs the folder again, and several rules need each path. */
const remembered = new Map<string, string>();
const MAX_REMEMBERED_CHARS = 1_000_000;
let rememberedChars = 0;

function remember(text: string, fold: () => string): string {
  let folded = remembered.get(text);
  if (folded === undefined) {
    folded = fold();
    rememberedChars += text.length + folded.length;
    if (rememberedChars > MAX_REMEMBERED_CHARS) {
      remembered.clear();
      rememberedChars = text.length + folded.length;
    }
    remembered.set(text, folded);
  }
  return folded;
}

/** The last path: several rules ask for the same one. */
let last: { readonly path: string; readonly components: readonly string[] } | undefined;

/** Components of a path as the coarsest file system reads them, for comparing with names that tools trust. */
export function foldedComponents(path: string): readonly string[] {
  if (last?.path !== path) {
    last = { path, components: components(foldedKey(path, Trait.NonAscii)) };
  }
  return last.components;
}
