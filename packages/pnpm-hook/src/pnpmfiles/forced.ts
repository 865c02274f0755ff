/* The global pnpmfile that `tarwarden pnpm` forces. It loads the hook beside it, and makes the hook report to the wrapper. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PNPM_STATUS, takeNonce } from '@tarwarden/guarded-run';
import { inWorker } from '../engine.ts';
import { enforce } from '../settings/foreign-settings.ts';
import { cookedHooks, markHook } from './lockfile-trace.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { endingAfterRefusal } from '../refusals.ts';
import { HookReports, type AnyHook, type PnpmfileHooks } from './reporting-hooks.ts';

interface Plugin {
  readonly hooks: PnpmfileHooks;
  readonly fetchers?: readonly PnpmfileHooks[];
  readonly resolvers?: readonly PnpmfileHooks[];
}

const reports = new HookReports(takeNonce(process.env, PNPM_STATUS));

/** Runs after the `updateConfig` of every other pnpmfile, because these may have reverted our settings. */
function settle(config: PnpmConfig, fetchers: unknown): PnpmConfig {
  enforce(config);
  config['ignorePnpmfile'] = false;
  config['optimisticRepeatInstall'] = false;
  const hooks = cookedHooks(config);
  if (fetchers === undefined || hooks === undefined) return config;
  hooks.fetchers = fetchers;
  // pnpm 10 would start this install itself, without our arguments.
  const before = config['verifyDepsBeforeRun'];
  if (before === 'install' || before === 'prompt') config['verifyDepsBeforeRun'] = 'error';
  return config;
}

function forWorker(plugin: Plugin): Record<string, unknown> {
  return {
    hooks: reports.ofAll(plugin.hooks),
    fetchers: plugin.fetchers?.map((list) => reports.ofAll(list)),
    ...(plugin.resolvers !== undefined && {
      resolvers: plugin.resolvers.map((list) => reports.ofAll(list)),
    }),
  };
}

function inProcess(plugin: Plugin): Record<string, unknown> {
  const hooks = reports.ofAll(plugin.hooks);
  const updateConfig = hooks['updateConfig'] as AnyHook;
  hooks['updateConfig'] = markHook(async (config: PnpmConfig): Promise<unknown> => {
    const updated = (await updateConfig(config)) as PnpmConfig;
    const all = cookedHooks(updated);
    // Only pnpm 10 has fetchers here.
    const fetchers =
      all?.fetchers === undefined ? undefined : reports.ofFactories(all.fetchers as PnpmfileHooks);
    // pnpm iterates over this list now, so a hook that is added to it still runs.
    const settled = (last: PnpmConfig): Promise<PnpmConfig> =>
      endingAfterRefusal(() => settle(last, fetchers));
    all?.updateConfig?.push(reports.of(settled as AnyHook, true));
    return updated;
  });
  return { hooks, fetchers: plugin.fetchers?.map((list) => reports.ofAll(list)) };
}

const plugin = createRequire(__filename)(join(dirname(__filename), 'index.cjs')) as Plugin;

export const pnpmfile: Record<string, unknown> = inWorker ? forWorker(plugin) : inProcess(plugin);
