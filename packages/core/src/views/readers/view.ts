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

/** Names for people: which versions a model stands for. */
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

/** One thing that would lie on disk. Folders are not listed: they are where files are. */
export type Unpacked = {
  readonly path: string;
  /** Not in the folder into which the client unpacks: written through a link, or by a path that climbs. */
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
  /** A command that the client writes by itself, since the package names it. */
  | { readonly kind: 'command' }
);

/** An entry that the archive shows to this manager and that it does not install under its name. */
export interface Lost {
  readonly path: string;
  readonly why: string;
}

/** What one manager would make of an archive. */
export interface View {
  readonly viewer: Viewer;
  /** `unknown`: larger than what is modelled. */
  readonly outcome: 'installs' | 'error' | 'unknown';
  /** In the order of their paths; empty unless it installs. */
  readonly files: readonly Unpacked[];
  readonly lost: readonly Lost[];
  /** Why it fails, or what the model cannot say; empty otherwise. */
  readonly note: string;
}
