/*
 * The pnpmfile for pnpm 10, 11 and 12. docs/managers/pnpm-internals.md says which hook sees which package in which version. These hooks
 * only call other files, which are loaded at first use: pnpm 12 starts one worker only for the configuration.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomFetcher, CustomResolver } from '@pnpm/hooks.types';
import { inWorker } from './engine.ts';
import {
  compose,
  isComposed,
  type Exports,
  type Pnpmfile,
  loaded,
  mark,
  refuseOtherPnpmfiles,
  refuseReplacedHooks,
} from './pnpmfiles/other-pnpmfiles.ts';
import { enforce } from './settings/foreign-settings.ts';
import { Hook } from './hook.ts';
import {
  cookedHooks,
  hideFromLockfileOfProcess,
  hideFromLockfileOfWorker,
  hideGlobal,
  isOurHook,
  lookAtPnpmfiles,
  markHook,
  workerFile,
  type CookedHooks,
} from './pnpmfiles/lockfile-trace.ts';
import { HookError } from './messages.ts';
import { endingAfterRefusal } from './refusals.ts';
import type {
  BuiltInFetchers,
  PnpmFetcher,
  FetchOptions,
  FetchResult,
  PnpmLockfile,
  PnpmManifest,
  PnpmConfig,
  PnpmResolution,
  ResolutionContext,
  WantedDependency,
} from './pnpm-shapes.ts';

/** pnpm may load several copies of this file, a user's and a project's. Each copy has its own hook. */
const hook = new Hook();

/** A function for pnpm. A call shows that pnpm uses the guard, and a refusal in it is kept. */
function called<Args extends unknown[], Result>(
  act: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    hook.arm();
    return hook.refusals.keep(() => act(...args));
  };
}

const fetchInspected = called(
  async (
    cafs: unknown,
    resolution: PnpmResolution,
    options: FetchOptions,
    fetchers: BuiltInFetchers,
  ): Promise<FetchResult> => {
    const handoff = await hook.handoff();
    return handoff.fetchInspected(cafs, resolution, { options, fetchers });
  },
);

const inspecting = ({ defaultFetchers }: { defaultFetchers: BuiltInFetchers }): PnpmFetcher => {
  return (cafs, resolution, options) => fetchInspected(cafs, resolution, options, defaultFetchers);
};

/** The same for a tarball that a git host packs. pnpm 10.20 recognises it by its URL and does not mark the resolution. */
const inspectingGitHosted = (factoryOptions: { defaultFetchers: BuiltInFetchers }): PnpmFetcher => {
  const fetch = inspecting(factoryOptions);
  return (cafs, resolution, options) => fetch(cafs, { ...resolution, gitHosted: true }, options);
};

/** The fetchers of pnpm 10. Later versions do not look here. */
const factories = markHook<Record<keyof BuiltInFetchers, unknown>>({
  remoteTarball: inspecting,
  localTarball: inspecting,
  gitHostedTarball: inspectingGitHosted,
  git: inspecting,
});

/** Only pnpm 12 gets this hook. In pnpm's own process it would only repeat a refusal. */
const readPackage = called(async (manifest: PnpmManifest): Promise<PnpmManifest> => {
  refuseReplaced();
  hook.refusals.rethrow();
  const gates = await hook.gates();
  await gates.beforeUse(manifest);
  return manifest;
});

const updateConfig = called(async (config: PnpmConfig): Promise<PnpmConfig> => {
  hook.begin(config);
  enforce(config);
  refuseOtherPnpmfiles(config);
  refuseReplacedHooks([config['pnpmfile']].flat() as string[], pnpmfile);
  if (!inWorker) {
    lookAtPnpmfiles(config);
    const takesFactories = hook.session().engine.major === 10;
    if (takesFactories) {
      useFactories(cookedHooks(config));
      loadInEachProject(config);
    }
    // pnpm goes through this list now, so a hook that is added to it still runs.
    cookedHooks(config)?.updateConfig?.push((finalConfig) =>
      endingAfterRefusal(() => settle(finalConfig as PnpmConfig, takesFactories)),
    );
  }
  if (hasConfigDependencies(config)) {
    const { inspectConfigDependencies } =
      await import('./config-dependencies/config-dependencies.ts');
    await inspectConfigDependencies(config, hook);
  }
  // Otherwise pnpm 11 and 12 end a repeated install before any other hook.
  config['optimisticRepeatInstall'] = false;
  return config;
});

/** Runs after the `updateConfig` of every other pnpmfile, because these may have reverted our settings. */
function settle(config: PnpmConfig, takesFactories: boolean): PnpmConfig {
  enforce(config);
  config['ignorePnpmfile'] = false;
  config['optimisticRepeatInstall'] = false;
  if (!takesFactories) return config;
  useFactories(cookedHooks(config));
  // pnpm 10 would start this install itself, without the arguments of `tarwarden pnpm`.
  const previousCheck = config['verifyDepsBeforeRun'];
  if (hook.isAwaited && (previousCheck === 'install' || previousCheck === 'prompt'))
    config['verifyDepsBeforeRun'] = 'error';
  return config;
}

const hooks = {
  updateConfig: (config: PnpmConfig): Promise<PnpmConfig> =>
    endingAfterRefusal(() => updateConfig(config)),

  preResolution: called(async (context: ResolutionContext): Promise<void> => {
    refuseReplaced();
    hook.session();
    const gates = await hook.gates();
    await gates.beforeResolution(context);
  }),

  afterAllResolved: called(async (lockfile: PnpmLockfile): Promise<PnpmLockfile> => {
    const gates = await hook.gates();
    await gates.afterResolution(lockfile);
    hideGlobal(lockfile as CookedHooks | null);
    return lockfile;
  }),
};
for (const ownHook of [...Object.values(hooks), readPackage]) markHook(ownHook);

/** pnpm calls these functions by the names in its own type. */
type Named<Type> = { readonly [Key in keyof Type]?: unknown };

/** The fetchers of pnpm 11 and 12. pnpm 10 does not look here. */
const fetchers = mark<Named<CustomFetcher>[]>([
  {
    canFetch: called((id: string, resolution: PnpmResolution): boolean | Promise<boolean> => {
      refuseReplaced();
      hook.refusals.rethrow();
      if (resolution.type === 'git') return true;
      if (resolution.type !== undefined)
        return hook.handoff().then((handoff) => handoff.hasToRefuse(id, resolution));
      return inWorker
        ? hook.handoff().then((handoff) => handoff.hasToInspect(id, resolution))
        : true;
    }),

    /** Whether the integrity is missing, as for a tarball from a URL that was not inspected yet. */
    resolutionNeedsFetch(resolution: PnpmResolution): boolean {
      return resolution.type === undefined && resolution.integrity === undefined;
    },

    fetch: fetchInspected,
  },
]);

const resolvers: Named<CustomResolver>[] = [
  {
    canResolve: called(async (wanted: WantedDependency): Promise<boolean> => {
      const { claims } = await import('./gates/resolvers.ts');
      return claims(wanted, hook);
    }),

    resolve: called(async (wanted: WantedDependency): Promise<unknown> => {
      const { resolveTarball } = await import('./gates/resolvers.ts');
      return resolveTarball(wanted, hook);
    }),
  },
];

/**
 * pnpm 10 accepts fetchers from only one pnpmfile, and fails if two have some. So we set ours here. Then both a user's and a project's
 * pnpmfile may be the guard, and no other pnpmfile can replace it.
 */
function useFactories(cooked: CookedHooks | undefined): void {
  if (cooked === undefined)
    throw new HookError(
      'UNSUPPORTED_PNPM',
      'pnpm showed no hooks, so downloads cannot be inspected',
    );
  if (cooked.fetchers !== undefined && !isOurHook(cooked.fetchers))
    hook.messages.warn(
      "the fetchers of the project's pnpmfile are not used, since they would replace the guard",
    );
  cooked.fetchers = factories;
}

/**
 * If each project has a lockfile, pnpm 10 loads the pnpmfiles again in each project, without that of the root. These replace
 * `preResolution`, the only hook for packages in the store. So the guard becomes the global pnpmfile, which pnpm also loads there, and
 * calls the hooks of the user's own one.
 */
function loadInEachProject(config: PnpmConfig): void {
  if (config['sharedWorkspaceLockfile'] !== false) return;
  if (config['globalPnpmfile'] !== undefined) {
    // pnpm lists the global pnpmfile first.
    const theirs = loaded(String([config['pnpmfile']].flat()[0])) as Pnpmfile;
    const theirHook = theirs.hooks?.['preResolution'];
    if (isOurHook(theirHook) || isComposed(theirHook)) return;
    Object.assign(pnpmfile, compose(pnpmfile, theirs));
  }
  config['globalPnpmfile'] = __filename;
}

/** Whether pnpm may have unpacked config dependencies. */
function hasConfigDependencies(config: PnpmConfig): boolean {
  const roots = ['lockfileDir', 'rootProjectManifestDir', 'workspaceDir', 'dir'];
  return roots.some(
    (key) =>
      typeof config[key] === 'string' && existsSync(join(config[key], 'node_modules/.pnpm-config')),
  );
}

let isLookedAt = false;

/** pnpm 12 has a worker for each pnpmfile. If one of our hooks is called in a worker, checks that its pnpmfile has all of them. */
function refuseReplaced(): void {
  if (!inWorker || isLookedAt) return;
  const file = workerFile();
  hook.refusals.keep(() => refuseReplacedHooks(file === undefined ? [] : [file], pnpmfile));
  isLookedAt = true;
}

/** The pnpmfile. It has resolvers for pnpm 12 only, because they would slow down pnpm 11. */
export const pnpmfile: Pnpmfile & { compose?: (theirs: Exports) => Pnpmfile } = inWorker
  ? { hooks: { ...hooks, readPackage, fetchers: factories }, fetchers, resolvers }
  : { hooks, fetchers };
// pnpm does not look for this property.
Object.defineProperty(pnpmfile, 'compose', {
  value: (theirs: Exports) => compose(pnpmfile, theirs),
});

if (inWorker) hideFromLockfileOfWorker();
else hideFromLockfileOfProcess();
