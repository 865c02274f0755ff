/* Runs the real go. The guard inspects the module cache, and every zip that go requests from a gateway in this process. */

import { rmSync, existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, resolve, join } from 'node:path';
import {
  EXIT,
  fail,
  findRealProgram,
  GO_STATUS,
  makeTemporaryFolder,
  runGuarded,
  type Command,
  type Confine,
  type GuardedRun,
  type Program,
} from '@tarwarden/guard/run';
import { showRefusals, type PackageRefusal } from '@tarwarden/guard/kit';
import { plural, printable, quote, redactUrl } from '@tarwarden/core/text';
import { projectLink, type ProjectLink } from '@tarwarden/guard';
import {
  ChildPrograms,
  Credentials,
  parseProxyList,
  Upstream,
  type ProxyEntry,
  escapePath,
} from '@tarwarden/guard/go';
import { onSignals } from '@tarwarden/guard/signals';
import { goAuthentication } from '@tarwarden/clients/settings';
import {
  folderOf,
  folderWords,
  isCleaningCache,
  isEnvironmentCommand,
  isWritingEnvironment,
} from '@tarwarden/clients/go/command-line';
import { withoutBranches } from './branches.ts';
import { DirectModules } from './direct.ts';
import { Gateway } from './gateway.ts';
import { canBeGuarded, moduleFolders, readGoSettings, type GoSettings } from './go-settings.ts';
import { ModuleCache } from './module-cache.ts';
import { ZipGuard } from './zip-guard.ts';

/** These would end the guard while programs still run and folders are left. */
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

const GO: Program = { name: 'go', windowsScripts: [] };

export interface GoOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly confine?: Confine | undefined;
}

interface Ready {
  readonly command: Command;
  readonly settings: GoSettings;
  readonly list: readonly ProxyEntry[];
  readonly guard: ZipGuard;
}

/**
 * Runs the real go with the gateway as its only module proxy, on our own standard streams. Resolves to the exit code:
 * go's own, unless the guard says worse (see {@link EXIT}).
 */
export async function runGo(args: readonly string[], options: GoOptions): Promise<number> {
  const env = withoutSidecar(options.env);
  const command = findRealProgram(GO, env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, 'there is no go on the PATH');
  const ready = await prepare(command, args, { ...options, env });
  return typeof ready === 'number' ? ready : guarded(args, ready, { ...options, env });
}

/**
 * Once a day, go starts a process for its telemetry that outlives go. It fetches a module from the user's own GOPROXY or from a gateway
 * that has ended. In that process, go sets this variable to "2" so that it starts no other. Here it prevents the first.
 */
function withoutSidecar(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GO_TELEMETRY_CHILD: '2' };
}

/** Everything that a run needs, or the exit code if go cannot be guarded. */
async function prepare(
  command: Command,
  args: readonly string[],
  { cwd, env }: GoOptions,
): Promise<Ready | number> {
  const unsupported = (why: string): number => fail(EXIT.UNSUPPORTED, `${why}; go was not run`);
  let settings: GoSettings;
  try {
    settings = await readGoSettings(command, { folder: folderWords(args), env });
  } catch (error) {
    return unsupported(`"go env" failed: ${redactUrl((error as Error).message)}`);
  }
  const { GOVERSION, GOMODCACHE, GOPROXY } = settings;
  if (!canBeGuarded(GOVERSION))
    return unsupported(`go ${quote(GOVERSION)} cannot be guarded; use go 1.22 or newer`);
  if (GOMODCACHE === '')
    return unsupported('go has no module cache (GOMODCACHE and HOME are empty)');
  try {
    const link = linkOut(settings, resolve(cwd, folderOf(args) ?? ''));
    // These two commands write no file of the project.
    if (link !== undefined && !isWritingEnvironment(args) && !isCleaningCache(args))
      return fail(EXIT.BLOCKED, `go was not run: ${link.problem}; ${link.remedy}`);
    const list = parseProxyList(GOPROXY);
    const guard = new ZipGuard({ cwd, env });
    for (const warning of guard.warnings) show(`warning: ${warning}`);
    return { command, settings, list, guard };
  } catch (error) {
    return unsupported((error as Error).message);
  }
}

/** A link through which go would write outside of the project, if the link may come from the repository. */
function linkOut(settings: GoSettings, folder: string): ProjectLink | undefined {
  const folders = moduleFolders(settings);
  const root = settings.GOWORK.endsWith('.work') ? dirname(settings.GOWORK) : folders[0];
  return projectLink('go', { root: root ?? folder, folders });
}

/** Inspects the module cache, runs go with the gateway, and inspects the zips that came from elsewhere. */
async function guarded(args: readonly string[], ready: Ready, options: GoOptions): Promise<number> {
  const { settings, guard } = ready;
  const { env } = options;
  const program = { command: ready.command, confine: options.confine };
  const cache = new ModuleCache({ folder: settings.GOMODCACHE, guard, show });
  const problem = await inspectCache(cache, ready);
  if (problem !== undefined)
    return isCleaningCache(args)
      ? run(program, args, { ...env, GOTOOLCHAIN: 'local', GOPROXY: 'off' })
      : problem();
  if (isWritingEnvironment(args)) return run(program, args, writing(args, env));
  return behindGateway(cache, args, ready, options);
}

/** Inspects the zips that go would unpack from its cache. Returns a function that reports why go must not run, if it must not. */
async function inspectCache(
  cache: ModuleCache,
  { settings, guard }: Ready,
): Promise<(() => number) | undefined> {
  try {
    await cache.inspectBefore();
  } catch (error) {
    return () => fail(EXIT.UNSUPPORTED, `${(error as Error).message}; go was not run`);
  }
  if (guard.refusals.all.length === 0) return undefined;
  return () => {
    showGoRefusals(guard, settings.GOMODCACHE);
    return fail(EXIT.BLOCKED, 'go was not run: it would unpack these without asking the guard');
  };
}

/** Runs go with the gateway as its only module proxy. Resolves to the exit code of the run. */
async function behindGateway(
  cache: ModuleCache,
  args: readonly string[],
  { command, settings, list, guard }: Ready,
  { env, confine }: GoOptions,
): Promise<number> {
  const program = { command, confine };
  const { GOMODCACHE: modcache, GOAUTH, GONOPROXY } = settings;
  const folder = privateFolder();
  const children = new ChildPrograms();
  let wasCut = false;
  // `code` is the exit code of a program that a signal ended, as shells have it.
  const interruption: { code?: number } = {};
  const stopListening = onSignals(SIGNALS, (signal) => {
    if (interruption.code !== undefined) return;
    interruption.code = 128 + constants.signals[signal];
    wasCut = children.end() > 0;
  });
  const direct = new DirectModules(command, { env, folder: folder.path, children });
  const origins = { list, noProxy: GONOPROXY, direct };
  const upstream = new Upstream(new Credentials(goAuthentication(GOAUTH, env), env, children), env);
  const gateway = new Gateway({ ...origins, upstream, guard });
  try {
    const GOPROXY = await gateway.listen();
    const gatewayEnv = { ...env, GOPROXY, GONOPROXY: 'none' };
    // `go env` must print the user's own settings, so it runs without the gateway. A first run fetches the toolchain that go.mod names.
    const isEnvironment = isEnvironmentCommand(args);
    const words = isEnvironment
      ? [...folderWords(args), 'version']
      : await withoutBranches(args, origins, show);
    if (interruption.code !== undefined) return interruption.code;
    let code = await run(program, words, gatewayEnv, isEnvironment);
    // go may notice the end of its children before the signal.
    if (wasCut && code !== 0) code = interruption.code!;
    if (isEnvironment && code === 0) code = await run(program, args, env);
    const elsewhere = await afterwards(cache);
    showGoRefusals(guard, modcache);
    if (elsewhere === undefined) return code || EXIT.UNCHECKED;
    return outcome(code, {
      elsewhere,
      usedGateway: gateway.zips > 0,
      refused: guard.refusals.all.length,
    });
  } finally {
    children.end();
    gateway.close();
    folder.remove();
    stopListening();
  }
}

/** The number of zips that came from elsewhere. Undefined, after a message, if that is unknown. */
async function afterwards(cache: ModuleCache): Promise<number | undefined> {
  try {
    return await cache.inspectAfter();
  } catch (error) {
    show(`${(error as Error).message}; treat what go built as UNCHECKED.`);
    return undefined;
  }
}

/** The environment of `go env -w`, which must not fetch a toolchain. go itself runs `env -w GOTOOLCHAIN=x` with the installed go. */
function writing(args: readonly string[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const [, flag, value = '', ...otherArgs] = args;
  const isToolchain = flag === '-w' && value.startsWith('GOTOOLCHAIN=') && otherArgs.length === 0;
  return isToolchain ? env : { ...env, GOTOOLCHAIN: 'local' };
}

/** Runs go. `silent`: its standard output is not shown. */
async function run(
  program: Pick<GuardedRun, 'command' | 'confine'>,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  silent = false,
): Promise<number> {
  return runGuarded({
    manager: 'go',
    ...program,
    args,
    env,
    channel: GO_STATUS,
    // The guard is in this process.
    demandGuard: false,
    guardIsHere: true,
    isQuiet: silent,
  });
}

interface EndedRun {
  /** Zips that are new in the cache, and did not come from the gateway. */
  readonly elsewhere: number;
  /** Whether go requested a zip from the gateway. */
  readonly usedGateway: boolean;
  readonly refused: number;
}

function outcome(code: number, { elsewhere, usedGateway, refused }: EndedRun): number {
  if (refused > 0) return code || EXIT.BLOCKED;
  if (elsewhere === 0) return code;
  const notice = `${plural(elsewhere, 'module zip')} came into the module cache by another way than the guard`;
  if (usedGateway) {
    show(
      `${notice}, from another go or one that sets GOPROXY itself; inspected afterwards, and not refused`,
    );
    return code;
  }
  return fail(
    code || EXIT.UNCHECKED,
    `${notice}, and none by it; treat what go built as UNCHECKED.`,
  );
}

function showGoRefusals({ refusals }: ZipGuard, modcache: string): void {
  const moreText = ({ refused }: PackageRefusal): string | undefined => {
    const removal = removalOf(modcache, refused.subject);
    return removal && `  to remove: ${removal}`;
  };
  showRefusals(refusals.all, { noun: 'module', moreText });
}

/** A folder for modules from their origin, made when it is needed. */
function privateFolder(): { readonly path: () => string; readonly remove: () => void } {
  let folder: string | undefined;
  return {
    path: () => (folder ??= makeTemporaryFolder({ prefix: 'tarwarden-go-' }).path),
    remove() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function show(text: string): void {
  process.stderr.write(`tarwarden: ${printable(text, 2048)}\n`);
}

/** How to remove `path@version` from the cache, if go would use files of it there. Undefined if there are none. */
function removalOf(modcache: string, module: string): string | undefined {
  const at = module.lastIndexOf('@');
  const path = escapePath(module.slice(0, at));
  const version = escapePath(module.slice(at + 1));
  const folder = join(modcache, `${path}@${version}`);
  const files = join(modcache, 'cache', 'download', path, '@v', version);
  if (at < 0 || !(existsSync(folder) || existsSync(`${files}.zip`))) return undefined;
  return `"go clean -modcache" removes all of the cache; of this module, the files ${quote(`${files}.*`)} and the folder ${quote(folder)} are enough`;
}
