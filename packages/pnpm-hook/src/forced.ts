/*
 * The pnpmfile that `tarwarden pnpm` forces as the global one: the hook beside it, which it makes report to the wrapper,
 * and which it keeps out of the project's lockfile, so that a colleague without the guard can use that lockfile.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PNPM_STATUS, report, takeNonce } from '@tarwarden/guarded-run';
import { inWorker } from './engine.ts';
import { enforce, watchFolders } from './foreign-settings.ts';
import { warn } from './messages.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';

type Hook = (...args: unknown[]) => unknown;
type Hooks = Readonly<Record<string, unknown>>;

/** What `config.hooks` holds on pnpm 10 and 11 when `updateConfig` runs. */
interface CookedHooks {
  updateConfig?: Hook[];
  calculatePnpmfileChecksum?: unknown;
  untrackedPnpmfileReadPackageHook?: unknown;
  fetchers?: unknown;
}

interface Plugin {
  readonly hooks: Hooks;
  readonly fetchers?: readonly Hooks[];
  readonly resolvers?: readonly Hooks[];
}

const REFUSAL = /^ERR_PNPM_TARWARDEN_/;

/** SHA-256 of no bytes, as pnpm writes it to a lockfile. */
const OF_NOTHING = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

const nonce = takeNonce(process.env, PNPM_STATUS);
let armed = false;

/** The hook is in the way of an install. Once is enough. */
function arm(): void {
  if (armed) return;
  armed = true;
  const pnpm = process.env['npm_config_user_agent'] ?? 'pnpm';
  report(process.env, PNPM_STATUS, { event: 'armed', nonce, pnpm });
}

function noteRefusal(error: unknown): void {
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (!REFUSAL.test(String(code))) return;
  const text = String(message);
  report(
    process.env,
    PNPM_STATUS,
    String(code).endsWith('UNSUPPORTED_PNPM')
      ? { event: 'unsupported', reason: text }
      : { event: 'blocked', subject: text },
  );
}

/**
 * A hook that reports what it refused, and that it was asked. `updateConfig`, all that pnpm calls for `run` or `list`,
 * counts once it has accepted: it lets no pnpm on that is not known to ask the others before it installs.
 */
function reporting(hook: Hook, accepts = false): Hook {
  return function (this: unknown, ...args) {
    if (!accepts) arm();
    try {
      const result = Reflect.apply(hook, this, args);
      if (!(result instanceof Promise)) return result;
      return result.then(
        (value: unknown) => {
          arm();
          return value;
        },
        (error: unknown) => {
          noteRefusal(error);
          throw error;
        },
      );
    } catch (error) {
      noteRefusal(error);
      throw error;
    }
  };
}

/** A copy with everything that is on it, marks among it, whose functions report. */
function reportingAll(hooks: Hooks): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(hooks));
  for (const [name, hook] of Object.entries(hooks))
    if (typeof hook === 'function') copy[name] = reporting(hook as Hook, name === 'updateConfig');
  return copy;
}

/** Fetchers of pnpm 10 are made by factories: what these return is what refuses. */
function reportingFactories(factories: Hooks): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(factories).map(([name, factory]) => [
      name,
      (...args: unknown[]) => reporting((factory as Hook)(...args) as Hook),
    ]),
  );
}

/**
 * pnpm 12 asks each pnpmfile whether it has hooks and writes that to the lockfile, though no checksum of a global one
 * belongs there. The question is turned into one whose answer is no; if pnpm ever asks in another way, only the
 * lockfile has a line more.
 */
function hideFromLockfileOfWorker(): void {
  const parse = JSON.parse.bind(JSON);
  JSON.parse = (text, reviver) => {
    const value = parse(text, reviver) as { id?: unknown; query?: unknown } | null;
    const asks = value?.query === 'hasHooks' || value?.query === 'hasReadPackage';
    return asks && typeof value.id === 'number'
      ? { id: value.id, target: 'finder', name: '' }
      : value;
  };
}

/** Whether another pnpmfile has hooks: then the lockfile holds its checksum, with or without us. */
async function hasHooks(file: string): Promise<boolean> {
  const loaded: unknown = file.endsWith('.mjs')
    ? await import(pathToFileURL(file).href)
    : createRequire(file)(file);
  const { hooks } = (loaded ?? {}) as { hooks?: unknown };
  return hooks !== undefined && hooks !== null;
}

/** What pnpm 10 and 11 make of all pnpmfiles together, as soon as it is made. */
let cooked: CookedHooks | undefined;
let othersHaveHooks = true;

/** True for the first, which is that of the command; others are those of single projects. */
function adopt(hooks: CookedHooks): boolean {
  if (cooked !== undefined) return false;
  cooked = hooks;
  return true;
}

/**
 * pnpm 10 and 11 set one function on that object which computes the checksum for the lockfile, of nothing where ours is
 * the only pnpmfile. No interface leads there, so that the assignment itself is caught; if pnpm ever does it in another way,
 * only the lockfile has a line more.
 */
function hideFromLockfileOfProcess(): void {
  const name = 'calculatePnpmfileChecksum';
  Object.defineProperty(Object.prototype, name, {
    configurable: true,
    get: () => undefined,
    set(this: CookedHooks, calculate: () => Promise<string>) {
      const first = adopt(this);
      delete this.untrackedPnpmfileReadPackageHook;
      const value = async (): Promise<string | undefined> => {
        const sum = await calculate();
        return sum === OF_NOTHING || (first && !othersHaveHooks) ? undefined : sum;
      };
      Object.defineProperty(this, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    },
  });
}

/** Runs behind the `updateConfig` of every other pnpmfile, which may have taken back what ours set. */
function settle(config: PnpmConfig, fetchers: unknown): PnpmConfig {
  enforce(config);
  config['ignorePnpmfile'] = false;
  config['optimisticRepeatInstall'] = false;
  if (fetchers === undefined) return config;
  const hooks = (cooked ?? config['hooks'] ?? {}) as CookedHooks;
  // One pnpmfile can have fetchers on pnpm 10, so that ours are set here.
  if (hooks.fetchers !== undefined && hooks.fetchers !== fetchers)
    warn("the fetchers of the project's pnpmfile are not used, since they would replace the guard");
  hooks.fetchers = fetchers;
  // The install that pnpm 10 would start by itself has none of our arguments.
  const before = config['verifyDepsBeforeRun'];
  if (before === 'install' || before === 'prompt') config['verifyDepsBeforeRun'] = 'error';
  return config;
}

/** Files that pnpm loaded besides ours. */
function otherPnpmfiles(config: PnpmConfig): string[] {
  const files: unknown = config['pnpmfile'];
  return Array.isArray(files)
    ? files.filter((file): file is string => typeof file === 'string' && file !== __filename)
    : [];
}

function forWorker(plugin: Plugin): Record<string, unknown> {
  hideFromLockfileOfWorker();
  const hooks = reportingAll(plugin.hooks);
  const afterAllResolved = hooks['afterAllResolved'] as Hook;
  hooks['afterAllResolved'] = async (...args: unknown[]): Promise<unknown> => {
    const lockfile = (await afterAllResolved(...args)) as CookedHooks | null;
    // That there is a global pnpmfile, and that it changes no manifest.
    if (lockfile?.untrackedPnpmfileReadPackageHook === false)
      delete lockfile.untrackedPnpmfileReadPackageHook;
    return lockfile;
  };
  return {
    hooks,
    fetchers: plugin.fetchers?.map(reportingAll),
    ...(plugin.resolvers !== undefined && { resolvers: plugin.resolvers.map(reportingAll) }),
  };
}

function inProcess(plugin: Plugin): Record<string, unknown> {
  hideFromLockfileOfProcess();
  // In this process `readPackage` only repeats a refusal, and the lockfile would record that it exists.
  const { fetchers: factories, readPackage: _, ...rest } = plugin.hooks;
  const hooks = reportingAll(rest);
  const ours = reportingFactories((factories ?? {}) as Hooks);
  const updateConfig = hooks['updateConfig'] as Hook;
  hooks['updateConfig'] = async (config: PnpmConfig): Promise<unknown> => {
    const updated = (await updateConfig(config)) as PnpmConfig;
    const others = await Promise.all(otherPnpmfiles(updated).map(hasHooks));
    othersHaveHooks = others.includes(true);
    const agent = updated['userAgent'];
    const isTen = typeof agent === 'string' && agent.startsWith('pnpm/10.');
    const all = (cooked ?? updated['hooks'] ?? {}) as CookedHooks;
    // pnpm goes through this list while we are in it.
    const refuseOtherFolders = watchFolders(updated);
    const settled = (last: PnpmConfig): PnpmConfig => {
      refuseOtherFolders(last);
      return settle(last, isTen ? ours : undefined);
    };
    all.updateConfig?.push(reporting(settled as Hook, true));
    return updated;
  };
  return { hooks, fetchers: plugin.fetchers?.map(reportingAll) };
}

const plugin = createRequire(__filename)(join(dirname(__filename), 'index.cjs')) as Plugin;

/** What pnpm loads. */
export const pnpmfile: Record<string, unknown> = inWorker ? forWorker(plugin) : inProcess(plugin);
