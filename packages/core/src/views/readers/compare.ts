import { foldedComponents } from '../../tree/index.ts';
import type { Unpacked, View, Viewer } from './view.ts';

/** One path that not all managers that install the package treat alike. */
export interface Difference {
  readonly path: string;
  /** What lies there, for each manager that installs; null where nothing does. */
  readonly seen: readonly { readonly viewer: Viewer; readonly file: Unpacked | null }[];
}

export interface Comparison {
  readonly views: readonly View[];
  readonly differences: readonly Difference[];
  /** Paths that one of them makes two files of, and a file system that folds case and Unicode forms one. */
  readonly folded: readonly (readonly string[])[];
  /** Whether every manager installs, and the same. */
  readonly agree: boolean;
}

/** Where views of one archive differ, in the order of the paths. */
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
