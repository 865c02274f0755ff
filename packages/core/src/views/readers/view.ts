/** The managers of npm packages whose unpacking is modelled. */
export const NPM_VIEWERS = [
  'npm',
  'pnpm-10',
  'pnpm-11',
  'pnpm-12',
  'yarn-4',
  'yarn-1',
  'bun',
] as const;

export type NpmViewer = (typeof NPM_VIEWERS)[number];

export type Viewer = NpmViewer | 'pip-25' | 'pip-23' | 'gem' | 'go';

/** Names for people, with the versions that a model describes. */
export const VIEWER_NAMES: Readonly<Record<Viewer, string>> = {
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
};

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
