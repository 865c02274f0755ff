import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { basename, dirname, join } from 'node:path';
import { intercept } from '@tarwarden/guard/run';
import { realOrSame } from '@tarwarden/guard/real-path';

/** The modules of npm in which the guard replaces methods: see hooks.ts. */
const HOOKED = ['tar', 'pacote', '@npmcli/arborist', 'libnpmpack', 'libnpmpublish'] as const;

export type Hooked = (typeof HOOKED)[number];

/** Whether a request is for a module that the guard changes. */
export function isHooked(request: string): request is Hooked {
  return HOOKED.includes(request as Hooked);
}

/** A module of npm. A hook may replace its `exports`, and npm gets the value that is there in the end. */
export interface LoadedModule {
  exports: unknown;
}

export interface NpmCopy {
  readonly folder: string;
  readonly version: string;
}

/** Called when npm's code is about to run. */
export interface Watcher {
  /** The main file of this process belongs to npm. No code of it has run. */
  main(npm: NpmCopy): void;
  /** A file of npm has requested a module, so the hook works. Called once. */
  seen(npm: NpmCopy): void;
  /**
   * An npm, running or used as a library, loaded a hooked module from `file`. May be called again for the same module. Returns the
   * exports that npm gets.
   */
  loaded(name: Hooked, exports: unknown, origin: { file: string; npm: NpmCopy }): unknown;
}

interface ParentModule {
  readonly filename?: string | null;
}

interface Loader {
  _load(request: string, parent: ParentModule | null | undefined, isMain: boolean): unknown;
  _resolveFilename(request: string, parent: unknown, isMain: boolean): string;
}

/** The most folders that are searched above a file. No npm has files so deep. */
const MAX_PARENTS = 24;

/** The npm above a folder, for the folders that were searched. */
type Copies = Map<string, NpmCopy | undefined>;

function readCopy(folder: string): NpmCopy | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { name, version, bin } = manifest as Record<string, unknown>;
    if (name !== 'npm' || typeof version !== 'string') return undefined;
    return typeof bin === 'object' && bin !== null && 'npm' in bin
      ? { folder, version }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The npm that a file belongs to: of the system, nvm or corepack, or a dependency of the project. */
function npmOf(file: string, copies: Copies): NpmCopy | undefined {
  const start = dirname(file);
  if (copies.has(start)) return copies.get(start);
  let copy: NpmCopy | undefined;
  let folder = start;
  for (let depth = 0; depth < MAX_PARENTS && copy === undefined; depth++) {
    copy = readCopy(folder);
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  copies.set(start, copy);
  return copy;
}

/** The npm that a main file starts. For every other program, this only looks at the path. */
export function npmOfMain(main: string | undefined): NpmCopy | undefined {
  if (main === undefined) return undefined;
  // Node reports a missing main file better than we could.
  const file = realOrSame(main);
  if (basename(dirname(file)) !== 'bin') return undefined;
  return readCopy(dirname(dirname(file)));
}

/** node-gyp comes with npm and unpacks Node's own headers, which are not a package. It runs in its own process. */
function isNodeGyp(file: string): boolean {
  return /[\\/]node_modules[\\/]node-gyp[\\/]/.test(file);
}

/**
 * Watches Node's CommonJS loader for npm. It does not touch other modules, so programs that only inherit the environment variable work
 * as before.
 */
export function watch(watcher: Watcher): void {
  const loader = Module as unknown as Loader;
  const copies: Copies = new Map();
  let running: NpmCopy | undefined;
  let isSeen = false;
  intercept(
    loader,
    '_load',
    (load) =>
      function (this: unknown, request, parent, isMain) {
        if (isMain && running === undefined) {
          running = npmOfMain(request);
          if (running !== undefined) watcher.main(running);
        }
        const parentFile = parent?.filename;
        if (!isSeen && running !== undefined && parentFile?.startsWith(running.folder) === true) {
          isSeen = true;
          watcher.seen(running);
        }
        // oxlint-disable-next-line prefer-rest-params -- later Nodes may pass more
        const exports: unknown = Reflect.apply(load, this, arguments);
        if (isHooked(request) && typeof parentFile === 'string' && !isNodeGyp(parentFile)) {
          const npm = npmOf(parentFile, copies);
          if (npm !== undefined) {
            const file = loader._resolveFilename(request, parent, false);
            return watcher.loaded(request, exports, { file, npm });
          }
        }
        return exports;
      },
  );
}
