/* The pnpmfile that `tarwarden pnpm` forces as the global one: the hook beside it, which it makes report to the wrapper. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PNPM_STATUS, report, takeNonce } from '@tarwarden/guarded-run';
import { inWorker } from './engine.ts';
import { enforce, watchFolders } from './foreign-settings.ts';
import { cookedHooks, markHook } from './lockfile-trace.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';

type Hook = (...args: unknown[]) => unknown;
type Hooks = Readonly<Record<string, unknown>>;

interface Plugin {
  readonly hooks: Hooks;
  readonly fetchers?: readonly Hooks[];
  readonly resolvers?: readonly Hooks[];
}

const REFUSAL = /^ERR_PNPM_TARWARDEN_/;

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
  // It is loaded, and a refusal counts whatever pnpm makes of it.
  arm();
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
    if (typeof hook === 'function')
      copy[name] = markHook(reporting(hook as Hook, name === 'updateConfig'));
  return copy;
}

/** Fetchers of pnpm 10 are made by factories: what these return is what refuses. */
function reportingFactories(factories: Hooks): Record<string, unknown> {
  const copies = Object.entries(factories).map(([name, factory]) => [
    name,
    (...args: unknown[]) => reporting((factory as Hook)(...args) as Hook),
  ]);
  return markHook(Object.fromEntries(copies) as Record<string, unknown>);
}

/** Runs behind the `updateConfig` of every other pnpmfile, which may have taken back what ours set. */
function settle(config: PnpmConfig, fetchers: unknown): PnpmConfig {
  enforce(config);
  config['ignorePnpmfile'] = false;
  config['optimisticRepeatInstall'] = false;
  const hooks = cookedHooks(config);
  if (fetchers === undefined || hooks === undefined) return config;
  hooks.fetchers = fetchers;
  // The install that pnpm 10 would start by itself has none of our arguments.
  const before = config['verifyDepsBeforeRun'];
  if (before === 'install' || before === 'prompt') config['verifyDepsBeforeRun'] = 'error';
  return config;
}

/** What pnpm 12 loads, in a worker. */
function forWorker(plugin: Plugin): Record<string, unknown> {
  return {
    hooks: reportingAll(plugin.hooks),
    fetchers: plugin.fetchers?.map(reportingAll),
    ...(plugin.resolvers !== undefined && { resolvers: plugin.resolvers.map(reportingAll) }),
  };
}

/** What pnpm 10 and 11 load. */
function inProcess(plugin: Plugin): Record<string, unknown> {
  const hooks = reportingAll(plugin.hooks);
  const updateConfig = hooks['updateConfig'] as Hook;
  hooks['updateConfig'] = markHook(async (config: PnpmConfig): Promise<unknown> => {
    const updated = (await updateConfig(config)) as PnpmConfig;
    const all = cookedHooks(updated);
    // pnpm 10 alone has them.
    const fetchers =
      all?.fetchers === undefined ? undefined : reportingFactories(all.fetchers as Hooks);
    // pnpm goes through this list while we are in it.
    const refuseOtherFolders = watchFolders(updated);
    const settled = (last: PnpmConfig): PnpmConfig => {
      refuseOtherFolders(last);
      return settle(last, fetchers);
    };
    all?.updateConfig?.push(reporting(settled as Hook, true));
    return updated;
  });
  return { hooks, fetchers: plugin.fetchers?.map(reportingAll) };
}

const plugin = createRequire(__filename)(join(dirname(__filename), 'index.cjs')) as Plugin;

/** What pnpm loads. */
export const pnpmfile: Record<string, unknown> = inWorker ? forWorker(plugin) : inProcess(plugin);
