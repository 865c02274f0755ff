/* The pnpmfile that `tarwarden pnpm` forces as the global one: the hook beside it, which it makes report to the wrapper. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PNPM_STATUS, takeNonce } from '@tarwarden/guarded-run';
import { inWorker } from '../engine.ts';
import { enforce, watchFolders } from '../settings/foreign-settings.ts';
import { cookedHooks, markHook } from './lockfile-trace.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { endingAfterRefusal } from '../refusals.ts';
import { HookReports, type AnyHook, type Hooks } from './reporting-hooks.ts';

interface Plugin {
  readonly hooks: Hooks;
  readonly fetchers?: readonly Hooks[];
  readonly resolvers?: readonly Hooks[];
}

const reports = new HookReports(takeNonce(process.env, PNPM_STATUS));

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
    hooks: reports.ofAll(plugin.hooks),
    fetchers: plugin.fetchers?.map((one) => reports.ofAll(one)),
    ...(plugin.resolvers !== undefined && {
      resolvers: plugin.resolvers.map((one) => reports.ofAll(one)),
    }),
  };
}

/** What pnpm 10 and 11 load. */
function inProcess(plugin: Plugin): Record<string, unknown> {
  const hooks = reports.ofAll(plugin.hooks);
  const updateConfig = hooks['updateConfig'] as AnyHook;
  hooks['updateConfig'] = markHook(async (config: PnpmConfig): Promise<unknown> => {
    const updated = (await updateConfig(config)) as PnpmConfig;
    const all = cookedHooks(updated);
    // pnpm 10 alone has them.
    const fetchers =
      all?.fetchers === undefined ? undefined : reports.ofFactories(all.fetchers as Hooks);
    // pnpm goes through this list while we are in it.
    const refuseOtherFolders = watchFolders(updated);
    const settled = (last: PnpmConfig): Promise<PnpmConfig> =>
      endingAfterRefusal(() => {
        refuseOtherFolders(last);
        return settle(last, fetchers);
      });
    all?.updateConfig?.push(reports.of(settled as AnyHook, true));
    return updated;
  });
  return { hooks, fetchers: plugin.fetchers?.map((one) => reports.ofAll(one)) };
}

const plugin = createRequire(__filename)(join(dirname(__filename), 'index.cjs')) as Plugin;

/** What pnpm loads. */
export const pnpmfile: Record<string, unknown> = inWorker ? forWorker(plugin) : inProcess(plugin);
