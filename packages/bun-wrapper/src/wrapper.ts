/* Runs the real bun. The guard runs in this process; bun asks it through a security scanner and a socket before it installs. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { printable, redactUrl } from '@tarwarden/core/text';
import { showRefusals } from '@tarwarden/guard/kit';
import { realOrSame } from '@tarwarden/guard';
import { bunRoot } from '@tarwarden/clients/settings';
import {
  EXIT,
  fail,
  findRealProgram,
  makeTemporaryFolder,
  type Command as Real,
  BUN_STATUS,
  runGuarded,
  type Command,
} from '@tarwarden/guard/run';
import { afterwards } from './afterwards.ts';
import {
  environment,
  hasNoCache,
  moduleAddress,
  OTHER_SCANNER,
  projectBunfig,
  resolveScanner,
  scannerOf,
  userBunfig,
  type BunSettings,
  withoutSecrets,
} from './bunfig.ts';
import { BunGuard } from './bun-guard.ts';
import type { BunGuardOptions } from './installer.ts';
import {
  bunPublishes,
  readCommand,
  type BunTool,
  type BunCommand,
} from '@tarwarden/clients/bun/command-line';
import { namedAuthorities } from './download.ts';
import { makeRunFolders, type ConfinedBun, type Folders, confinedCache } from './folders.ts';
import { linkOutOfProject } from './local-dependencies.ts';
import { RunCache } from './run-cache.ts';
import { Service } from './service.ts';
import { TreeStore } from './tree-store.ts';
import { Unpackers } from './unpackers.ts';

export type { BunTool } from '@tarwarden/clients/bun/command-line';

export interface BunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly scannerPath: string;
  /** Starts a thread that runs `serveUnpacking`, with this folder as its `workerData`; without it, this thread does all the work. */
  readonly startThread?: (trees: string) => Worker;
  readonly confined?: ConfinedBun;
}

const NOT_INSPECTED =
  'warning: bun packs and uploads in one step, so what it uploads is NOT inspected. To have it inspected, ' +
  'pack first ("bun pm pack"), then run "tarwarden scan FILE", and publish that file';

/** The most bytes of the socket's folder: the smallest `sun_path` (macOS) less the socket's own name and the final zero. */
const FOLDER_PATH_MAX = 104 - '/socket'.length - 1;

/**
 * Runs the real bun with the guard as its security scanner, on our own standard streams. Resolves to the exit code: bun's own,
 * unless the guard says worse (see {@link EXIT}).
 */
export async function runBun(
  tool: BunTool,
  args: readonly string[],
  options: BunOptions,
): Promise<number> {
  if (tool === 'bun' && bunPublishes(args)) show(NOT_INSPECTED);
  const unsupported = (why: string): number =>
    fail(EXIT.UNSUPPORTED, `${why}; ${tool} was not run`);
  const { env, confined } = options;
  if (process.platform === 'win32') return unsupported('bun is not guarded on Windows');
  const real = findBun(tool, env);
  if (real === undefined) return fail(EXIT.NOT_FOUND, `there is no ${tool} on the PATH`);
  const command = readCommand(tool, args);
  if (command.refused !== undefined) return unsupported(command.refused);
  const cwd = resolve(options.cwd, command.folder ?? '');
  if (command.kind === 'plain') return runReal(real, args, env, options);
  try {
    const why = unguardable(real, cwd, command);
    if (why !== undefined) return unsupported(why);
    if (confined?.phase === 'scripts') return await runScripts({ real, args, cwd, env, confined });
    return await guarded({ real, args, command }, { ...options, cwd });
  } catch (error) {
    return unsupported(redactUrl((error as Error).message));
  }
}

function findBun(tool: BunTool, env: NodeJS.ProcessEnv): Real | undefined {
  const real = findRealProgram({ name: tool, windowsScripts: [] }, env);
  if (real !== undefined || tool === 'bun') return real;
  // This installation of bun has no `bunx`.
  const bun = findRealProgram({ name: 'bun', windowsScripts: [] }, env);
  return bun && { ...bun, args: [...bun.args, 'x'] };
}

function unguardable(real: Real, cwd: string, { kind }: BunCommand): string | undefined {
  let version: string;
  try {
    const bun = real.args.includes('x') ? { ...real, args: [] } : real;
    const out = execFileSync(bun.file, [...bun.args, '--version'], {
      cwd: '/',
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    version = out.trim();
  } catch (error) {
    return `"bun --version" failed: ${printable((error as Error).message, 200)}`;
  }
  const [, minor] = /^1\.(\d+)\.\d+/.exec(version) ?? [];
  if (minor === undefined || Number(minor) < 4)
    return `bun ${printable(version, 40)} cannot be guarded; use bun 1.4 or newer`;
  if (kind !== 'install') return undefined;
  const root = bunRoot(cwd);
  if (existsSync(join(root, 'bun.lockb')) && !existsSync(join(root, 'bun.lock')))
    return 'bun.lockb is binary, and not read; write bun.lock by "bun install --save-text-lockfile --frozen-lockfile --lockfile-only"';
  const link = linkOutOfProject(cwd);
  return link && `${link.problem}: ${link.remedy}`;
}

interface Run {
  readonly real: Real;
  readonly args: readonly string[];
  readonly command: BunCommand;
}

async function guarded({ real, args, command }: Run, options: BunOptions): Promise<number> {
  const { cwd, env, confined, startThread } = options;
  const { kind } = command;
  const { path: folder } = makeTemporaryFolder({
    prefix: 'tarwarden-bun-',
    pathBytesMax: FOLDER_PATH_MAX,
  });
  let folders: Folders | undefined;
  let service: Service | undefined;
  let unpackers: Unpackers | undefined;
  try {
    if (/[\s"'\\]/.test(folder))
      throw new Error(`bun takes no settings from ${folder}: set TMPDIR to a path without spaces`);
    const settings = settingsOf(kind, options);
    const root = kind === 'install' ? bunRoot(cwd) : cwd;
    folders = makeRunFolders(env, confined);
    const treesFolder = folders.trees;
    const trees = new TreeStore(treesFolder);
    unpackers = new Unpackers(trees, startThread && (() => startThread(treesFolder)));
    const cache = new RunCache(folders.cache, folders.manifests, {
      replaces: command.commitsPatch,
      shared: confined !== undefined,
    });
    const guard = openGuard({ args, command }, options, {
      root,
      settings,
      cache,
      trees,
      unpackers,
    });
    service = new Service(guard);
    const socket = join(folder, 'socket');
    await service.listen(socket);
    const bunEnv = {
      ...environment(settings, { ...command, folder, env }),
      BUN_INSTALL_CACHE_DIR: cache.folder,
      TARWARDEN_BUN_SOCKET: socket,
      TARWARDEN_BUN_TOKEN: service.token,
    };
    const code = await runReal(real, args, bunEnv, options);
    if (await guard.compareWords())
      show(
        'bun has installed a package that bun.lock describes wrongly: remove node_modules and bun.lock',
      );
    showRefusals(guard.refusals.all, { noun: 'package' });
    const result = afterwards(code, {
      guard,
      cache,
      demand: command.demand,
      phase: confined?.phase,
      root,
      show,
    });
    cache.close();
    trees.tidy();
    return result;
  } finally {
    service?.close();
    unpackers?.close();
    folders?.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface GuardParts extends Pick<BunGuardOptions, 'cache' | 'trees' | 'unpackers'> {
  readonly root: string;
  readonly settings: BunSettings;
}

function openGuard(
  { args, command }: Omit<Run, 'real'>,
  { cwd, env }: BunOptions,
  { root, settings, ...stores }: GuardParts,
): BunGuard {
  const { kind } = command;
  const guard = new BunGuard({
    ...stores,
    project: kind === 'global' || kind === 'bunx' ? undefined : cwd,
    settingsOf: kind === 'install' ? realOrSame(root) : undefined,
    hasSettings: Object.keys(settings.project?.settings ?? {}).length > 0,
    env,
    offline: command.offline,
    registry: command.registry,
    authorities: namedAuthorities(command, cwd),
    // A script may call bun with other options.
    otherPlatforms: kind !== 'install' || hasPlatform(command, env),
    ...((kind === 'install' || kind === 'global') && { named: { cwd, words: args } }),
  });
  for (const warning of guard.warnings) show(`warning: ${warning}`);
  return guard;
}

/** @throws BunfigError if a file of settings cannot be read, or its scanner is not there. */
function settingsOf(kind: BunCommand['kind'], { cwd, env, scannerPath }: BunOptions): BunSettings {
  const user = userBunfig(env);
  const project = kind === 'install' || kind === 'run' ? projectBunfig(cwd) : undefined;
  const projectScanner = project && scannerOf(project);
  if (kind === 'run' && projectScanner !== undefined) {
    if (hasNoCache(project!))
      throw new Error(
        'the project has a security scanner of its own, and switches the cache off, so that nobody would see what an install of a script unpacks; take one of both out of its bunfig.toml',
      );
    show(
      'warning: the project has a security scanner of its own; an install that a script starts is UNCHECKED, and fails',
    );
  }
  const guardScanner = moduleAddress(readFileSync(scannerPath));
  const userScanner = scannerOf(user);
  // This run is inside a guarded run, for instance from a shim in a script. Then these are the settings that the guard wrote.
  const isInside = userScanner === guardScanner;
  const scanner = projectScanner ?? (isInside ? undefined : userScanner);
  const base = dirname((projectScanner === undefined ? user : project!).path);
  const otherScanner =
    scanner === undefined || kind === 'run' ? undefined : resolveScanner(scanner, base);
  const inherited = isInside && projectScanner === undefined ? env[OTHER_SCANNER] : undefined;
  return {
    user,
    ...(kind === 'install' && project !== undefined && { project }),
    ...((otherScanner ?? inherited) !== undefined && { other: otherScanner ?? inherited }),
    scanner: guardScanner,
  };
}

function hasPlatform(
  { otherPlatforms }: BunCommand,
  { BUN_OPTIONS = '' }: NodeJS.ProcessEnv,
): boolean {
  return otherPlatforms || /--(?:os|cpu)/.test(BUN_OPTIONS);
}

function show(text: string): void {
  process.stderr.write(`tarwarden: ${printable(text, 4096)}\n`);
}

/** Runs a real bun on our own standard streams. Resolves to its exit code. */
export async function runReal(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { confined }: { readonly confined?: ConfinedBun | undefined },
): Promise<number> {
  return runGuarded({
    manager: 'bun',
    command,
    args,
    env,
    channel: BUN_STATUS,
    // The guard is in this process: bun has nothing to write for it.
    confine: confined && ((program) => confined.confine(program)),
    demandGuard: false,
    guardIsHere: true,
  });
}

interface ScriptsRun {
  readonly real: Command;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Contains no secrets. `npm_config_userconfig` names an .npmrc without secrets. */
  readonly env: NodeJS.ProcessEnv;
  readonly confined: ConfinedBun;
}

/**
 * Runs the phase of a confined install that runs scripts. bun has no network then, so it can install only what the fetch phase has put
 * into its cache. Resolves to the exit code.
 */
export async function runScripts({ real, args, cwd, env, confined }: ScriptsRun): Promise<number> {
  const { path: folder } = makeTemporaryFolder({ prefix: 'tarwarden-bun-' });
  try {
    const settings = {
      user: withoutSecrets(userBunfig(env)),
      project: projectBunfig(cwd),
      scanner: undefined,
    };
    const npmrc = env['npm_config_userconfig'];
    const bunEnv = environment(settings, { kind: 'install', folder, env, npmrc });
    return await runReal(
      real,
      args,
      { ...bunEnv, BUN_INSTALL_CACHE_DIR: confinedCache(confined) },
      { confined },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
