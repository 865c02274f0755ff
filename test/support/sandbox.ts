/**
 * A temporary world for one test: its own HOME, caches, stores, prefix, PATH and project, and a sentinel folder that no
 * hostile package may reach. Nothing of the caller's environment is passed on but what is named here.
 */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { makeGitRepo, type GitRepo, type GitRepoOptions } from './git.ts';
import { findProgram, TOOLS } from './programs.ts';
import { runFolder } from './temporary-folder.ts';
import { tree } from './tree.ts';

export { tree } from './tree.ts';
export { makeGitRepo, type GitRepo, type GitRepoOptions };

export interface SandboxOptions {
  /** Registry that every manager is told to use, in its user's config file. */
  registry?: string;
  /** Set `CI=true`. */
  ci?: boolean;
  /** Node on the PATH, that of the tests unless given. */
  node?: string;
  /** Folder that it is made in, the system's for temporary files unless given. */
  parent?: string;
  /** Files of the project, by relative path. An object is written as JSON. */
  project?: Readonly<Record<string, string | object>>;
}

export interface Sandbox {
  readonly root: string;
  readonly home: string;
  /** The project: packages land in `<project>/node_modules/<name>`, three folders below the sentinel's. */
  readonly project: string;
  readonly sentinel: string;
  /** First folder on the PATH; put commands there with `command`. */
  readonly bin: string;
  /** What is left here after a run was left behind by it. */
  readonly temp: string;
  readonly npmCache: string;
  readonly npmPrefix: string;
  readonly pnpmHome: string;
  readonly pnpmStore: string;
  readonly yarnGlobal: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes files below the project, or below `dir`. An object is written as JSON. */
  write(files: Readonly<Record<string, string | object>>, dir?: string): void;
  /** Links a program into the PATH, instead of one of that name. */
  command(name: string, target: string): void;
  /** Adds lines to the user's .npmrc, which npm, pnpm, Yarn classic and bun read. */
  npmrc(...lines: string[]): void;
  /** Adds lines to the user's .yarnrc.yml. */
  yarnrc(...lines: string[]): void;
  /** Adds lines to the user's config.yaml, which pnpm 11 and 12 read. */
  pnpmConfig(...lines: string[]): void;
  /**
   * Makes a git repository that git, in this sandbox, takes for an https one: no manager can tell it from a remote.
   * Yarn wants `<remote>#commit=<commit>`, a yarn.lock in it and (4) `approvedGitRepositories`; the others take
   * `git+<remote>#<commit>`, npm 12 with `--allow-git=all`.
   */
  gitRepo(
    name: string,
    files: Readonly<Record<string, string | object>>,
    options?: GitRepoOptions,
  ): GitRepo & { remote: string };
  assertSentinelUntouched(): void;
  dispose(): void;
}

function write(dir: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(
      join(dir, path),
      typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`,
    );
  }
}

export function makeSandbox(options: SandboxOptions = {}): Sandbox {
  const root = realpathSync(mkdtempSync(join(options.parent ?? tmpdir(), 'tarwarden-')));
  const at = (...path: string[]): string => join(root, ...path);
  const home = at('home');
  const bin = at('bin');
  const pnpmHome = at('pnpm-home');
  const npmPrefix = at('npm-prefix');
  const folders = [
    'home',
    'bin',
    'pnpm-home/bin',
    'npm-prefix/bin',
    'npm-prefix/lib',
    'project',
    'sentinel',
    'temp',
    'xdg/config/pnpm',
    'xdg/cache',
    'xdg/data',
    'xdg/state',
  ];
  for (const folder of folders) mkdirSync(at(folder), { recursive: true });
  writeFileSync(at('sentinel', 'secret'), 'nobody may read or change this\n');

  const command = (name: string, target: string): void => {
    const link = join(bin, name);
    rmSync(link, { force: true });
    symlinkSync(target, link);
  };
  command('node', options.node ?? process.execPath);
  for (const tool of TOOLS) {
    const found = findProgram(tool);
    if (found !== undefined) command(tool, found);
  }

  const adder =
    (...path: string[]) =>
    (...lines: string[]): void =>
      appendFileSync(at(...path), lines.map((line) => `${line}\n`).join(''));
  const npmrc = adder('home', '.npmrc');
  const yarnrc = adder('home', '.yarnrc.yml');
  const pnpmConfig = adder('xdg/config/pnpm/config.yaml');
  const gitconfig = adder('gitconfig');
  gitconfig(
    '[user]',
    '\tname = Test',
    '\temail = test@example.invalid',
    '[safe]',
    '\tdirectory = *',
  );
  npmrc(`cache=${at('npm-cache')}`, `prefix=${npmPrefix}`, 'update-notifier=false', 'fund=false');
  yarnrc('enableTelemetry: false', 'unsafeHttpWhitelist: ["127.0.0.1", "localhost"]');
  yarnrc(`globalFolder: ${JSON.stringify(at('yarn-global'))}`);
  pnpmConfig('updateNotifier: false');
  if (options.registry !== undefined) {
    npmrc(`registry=${options.registry}/`);
    yarnrc(`npmRegistryServer: ${JSON.stringify(options.registry)}`);
  }

  const run = runFolder();
  const env: NodeJS.ProcessEnv = {
    PATH: [bin, join(npmPrefix, 'bin'), join(pnpmHome, 'bin'), pnpmHome].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: at('temp'),
    TEMP: at('temp'),
    TMP: at('temp'),
    XDG_CONFIG_HOME: at('xdg/config'),
    XDG_CACHE_HOME: at('xdg/cache'),
    XDG_DATA_HOME: at('xdg/data'),
    XDG_STATE_HOME: at('xdg/state'),
    PNPM_HOME: pnpmHome,
    BUN_INSTALL: at('bun'),
    COREPACK_HOME: at('corepack'),
    GIT_CONFIG_GLOBAL: at('gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    ...(options.ci === true ? { CI: 'true' } : {}),
    // Newer Nodes keep what they compiled of a client there. A benchmark compiles it each time, as at a user's first start.
    ...(run !== undefined && { NODE_COMPILE_CACHE: join(run, 'compiled') }),
  };
  write(
    at('project'),
    options.project ?? {
      'package.json': { name: 'tarwarden-sandbox', version: '1.0.0', private: true },
    },
  );
  const untouched = tree(at('sentinel'));

  return {
    root,
    home,
    project: at('project'),
    sentinel: at('sentinel'),
    bin,
    temp: at('temp'),
    npmCache: at('npm-cache'),
    npmPrefix,
    pnpmHome,
    pnpmStore: join(pnpmHome, 'store'),
    yarnGlobal: at('yarn-global'),
    env,
    write: (files, dir = at('project')) => write(dir, files),
    command,
    npmrc,
    yarnrc,
    pnpmConfig,
    gitRepo(name, files, repoOptions) {
      const repo = makeGitRepo(at('git', name), files, repoOptions);
      const remote = `https://git.tarwarden.invalid/${name}.git`;
      gitconfig(`[url "${repo.url}"]`, `\tinsteadOf = ${remote}`);
      return { ...repo, remote };
    },
    assertSentinelUntouched() {
      assert.deepEqual(tree(at('sentinel')), untouched, 'something reached the sentinel folder');
    },
    dispose() {
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
