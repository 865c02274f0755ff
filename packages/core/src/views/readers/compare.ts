import { foldedComponents } from '../../tree/index.ts';
import type { Unpacked, View, Viewer } from './view.ts';

/** A path for which the managers that install the package differ. */
export interface Difference {
  readonly path: string;
  /** The file at the path for each manager that installs, or null. */
  readonly seen: readonly { readonly viewer: Viewer; readonly file: Unpacked | null }[];
}

export interface Comparison {
  readonly views: readonly View[];
  readonly differences: readonly Difference[];
  /** Paths that are different files to a manager, and one file on a file system that folds case and Unicode forms. */
  readonly folded: readonly (readonly string[])[];
  /** Whether every manager installs the package, with the same files. */
  readonly agree: boolean;
}

/** The differences between views of one archive, in the order of the paths. */
export function compareViews(views: readonly View[]): Comparison {
  const installing = views.filter((view) => view.outcome === 'installs');
  const places = installing.map((view) => ({
    viewer: view.viewer,
    files: new Map(view.files.map((file) => [file.path, file])),
  }));
  const paths = [...new Set(places.flatMap(({ files }) => [...files.keys()]))].toSorted();
  const differences = paths.flatMap((path) => {
    const seen = places.map(({ viewer, files }) => ({ viewer, file: files.get(path) ?? null }));
    const kinds = new Set(seen.map(({ file }) => JSON.stringify(file)));
    return kinds.size > 1 ? [{ path, seen }] : [];
  });
  return {
    views,
    differences,
    folded: foldedTogether(installing),
    agree: installing.length === views.length && differences.length === 0,
  };
}

function foldedTogether(views: readonly View[]): string[][] {
  const found = new Map<string, string[]>();
  for (const { files } of views) {
    const groups = new Map<string, string[]>();
    for (const { path } of files) {
      const key = foldedComponents(path).join('/');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [path]);
      else group.push(path);
    }
    for (const [key, group] of groups) if (group.length > 1) found.set(key, group);
  }
  return [...found.values()];
}
