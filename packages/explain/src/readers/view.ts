import { foldedComponents } from '@tarwarden/core/tree';

/** Names for people, with the versions that a model describes. */
export const VIEWER_NAMES = {
  npm: 'npm 10–12',
  'pnpm-10': 'pnpm 10',
  'pnpm-11': 'pnpm 11',
  'pnpm-12': 'pnpm 12',
  'yarn-4': 'Yarn 3 and 4',
  'yarn-1': 'Yarn classic',
  bun: 'bun',
  'pip-25': 'pip 24 and 25',
  'pip-23': 'pip 22 and 23',
  gem: 'gem 3.5 and 3.6, Bundler 2.6',
  go: 'go 1.24',
} as const;

export type Viewer = keyof typeof VIEWER_NAMES;

/** The managers of npm packages. */
export type NpmViewer = Exclude<Viewer, 'pip-25' | 'pip-23' | 'gem' | 'go'>;

/** A file or link on the disk after unpacking. Folders are not listed, since the paths of files show them. */
export type Unpacked = {
  readonly path: string;
  /** It is outside the folder into which the client unpacks, because of a link or of a path that climbs. */
  readonly outside?: true;
} & (
  | {
      readonly kind: 'file';
      /** Permission bits on Linux, under the usual umask of 022. */
      readonly mode: number;
      readonly size: number;
      /** Lower-case hex. */
      readonly sha256: string;
    }
  | { readonly kind: 'link'; readonly target: string }
  /** A command for which the client writes a script, because the package names it. */
  | { readonly kind: 'command' }
);

/** An entry that the manager reads and does not install under its name. */
export interface Lost {
  readonly path: string;
  readonly why: string;
}

/** The result of installing an archive with one manager. */
export interface View {
  readonly viewer: Viewer;
  /** `unknown`: the archive is too large for the model. */
  readonly outcome: 'installs' | 'error' | 'unknown';
  /** Files in the order of their paths. Empty unless the manager installs the archive. */
  readonly files: readonly Unpacked[];
  readonly lost: readonly Lost[];
  /** The reason why it fails, or the part that the model cannot predict. Empty otherwise. */
  readonly note: string;
}

/** A path for which the managers that install the package differ. */
interface Difference {
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
  const fileMaps = installing.map((view) => ({
    viewer: view.viewer,
    files: new Map(view.files.map((file) => [file.path, file])),
  }));
  const paths = [...new Set(fileMaps.flatMap(({ files }) => [...files.keys()]))].toSorted();
  const differences = paths.flatMap((path) => {
    const viewedFiles = fileMaps.map(({ viewer, files }) => ({
      viewer,
      file: files.get(path) ?? null,
    }));
    const kinds = new Set(viewedFiles.map(({ file }) => JSON.stringify(file)));
    return kinds.size > 1 ? [{ path, seen: viewedFiles }] : [];
  });
  return {
    views,
    differences,
    folded: foldedTogether(installing),
    agree: installing.length === views.length && differences.length === 0,
  };
}

function foldedTogether(views: readonly View[]): string[][] {
  const foldedGroups = new Map<string, string[]>();
  for (const { files } of views) {
    const groups = new Map<string, string[]>();
    for (const { path } of files) {
      const key = foldedComponents(path).join('/');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [path]);
      else group.push(path);
    }
    for (const [key, group] of groups) if (group.length > 1) foldedGroups.set(key, group);
  }
  return [...foldedGroups.values()];
}
