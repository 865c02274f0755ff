/*
 * One pnpmfile for pnpm 10, 11 and 12. Which hook sees which source, by version, is in
 * docs/managers/pnpm-internals.md; what is here only hands on. Everything but the configuration is loaded with the hook that
 * needs it: pnpm 12 starts a worker for the configuration alone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomFetcher, CustomResolver } from '@pnpm/hooks.types';
import { inWorker } from './engine.ts';
import { compose, type Pnpmfile } from './pnpmfiles/compose.ts';
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
import { mark, refuseOtherPnpmfiles, refuseReplacedHooks } from './pnpmfiles/other-pnpmfiles.ts';
import { commandArguments } from './settings/process-above.ts';
import { endingAfterRefusal } from './refusals.ts';
import type {
  BuiltInFetchers,
  Fetcher,
  FetchOptions,
  FetchResult,
  Lockfile,
  Manifest,
  PnpmConfig,
  Resolution,
  ResolutionContext,
  WantedDependency,
} from './pnpm-shapes.ts';

/** pnpm may load several copies of this file, a user's and a project's: each has one of its own. */
const hook = new Hook();

/** A fetcher of pnpm 10 that inspects first. */
const inspecting = ({ defaultFetchers }: { defaultFetchers: BuiltInFetchers }): Fetcher => {
  return async (cafs, resolution, options) => {
    const handoff = await hook.handoff();
    return handoff.fetchInspected(cafs, resolution, { options, fetchers: defaultFetchers });
  };
};

/** The same for what a git host packs: pnpm 10.20 knows it by its URL, and does not say so in the resolution. */
const inspectingGitHosted = (has: { defaultFetchers: BuiltInFetchers }): Fetcher => {
  const fetchInspected = inspecting(has);
  return (cafs, resolution, options) =>
    fetchInspected(cafs, { ...resolution, gitHosted: true }, options);
};

/** pnpm 10; later versions do not look here. */
const factories = markHook<Record<keyof BuiltInFetchers, unknown>>({
  remoteTarball: inspecting,
  localTarball: inspecting,
  gitHostedTarball: inspectingGitHosted,
  git: inspecting,
});

/** pnpm 12 alone has it: in pnpm's own process it would only repeat a refusal. */
async function readPackage(manifest: Manifest): Promise<Manifest> {
  refuseReplaced();
  hook.refusals.rethrow();
  const gates = await hook.gates();
  await gates.beforeUse(manifest);
  return manifest;
}

async function updateConfig(config: PnpmConfig): Promise<PnpmConfig> {
  hook.begin(config);
  enforce(config);
  refuseOtherPnpmfiles(config);
  refuseReplacedHooks([config['pnpmfile']].flat() as string[], pnpmfile);
  if (isPatchCommit()) {
    const { refusePatchLinks } = await import('./project/pnpm-files.ts');
    refusePatchLinks(config);
  }
  if (!inWorker) {
    lookAtPnpmfiles(config);
    if (hook.session().engine.major === 10) {
      useFactories(cookedHooks(config));
      loadInEachProject(config);
    }
  }
  if (hasConfigDependencies(config)) {
    const { inspectConfigDependencies } =
      await import('./config-dependencies/config-dependencies.ts');
    await inspectConfigDependencies(config, hook);
  }
  // Otherwise pnpm 11 and 12 end a repeated install before any other hook.
  config['optimisticRepeatInstall'] = false;
  return config;
}

const hooks = {
  updateConfig: (config: PnpmConfig): Promise<PnpmConfig> =>
    endingAfterRefusal(() => updateConfig(config)),

  async preResolution(context: ResolutionContext): Promise<void> {
    refuseReplaced();
    hook.session();
    const gates = await hook.gates();
    await gates.beforeResolution(context);
  },

  async afterAllResolved(lockfile: Lockfile): Promise<Lockfile> {
    const gates = await hook.gates();
    await gates.afterResolution(lockfile);
    hideGlobal(lockfile as CookedHooks | null);
    return lockfile;
  },
};
for (const one of [...Object.values(hooks), readPackage]) markHook(one);

/** Called by pnpm under the names that its own type has. */
type Named<Type> = { readonly [Key in keyof Type]?: unknown };

/** pnpm 11 and 12; pnpm 10 does not look here. */
const fetchers = mark<Named<CustomFetcher>[]>([
  {
    canFetch(id: string, resolution: Resolution): boolean | Promise<boolean> {
      refuseReplaced();
      hook.refusals.rethrow();
      if (resolution.type === 'git') return true;
      if (resolution.type !== undefined)
        return hook.handoff().then((handoff) => handoff.hasToRefuse(id, resolution));
      return inWorker
        ? hook.handoff().then((handoff) => handoff.hasToInspect(id, resolution))
        : true;
    },

    /** A tarball by URL has no integrity before its bytes were seen. */
    resolutionNeedsFetch(resolution: Resolution): boolean {
      return resolution.type === undefined && resolution.integrity === undefined;
    },

    async fetch(
      cafs: unknown,
      resolution: Resolution,
      options: FetchOptions,
      fetchers: BuiltInFetchers,
    ): Promise<FetchResult> {
      const handoff = await hook.handoff();
      return handoff.fetchInspected(cafs, resolution, { options, fetchers });
    },
  },
]);

const resolvers: Named<CustomResolver>[] = [
  {
    async canResolve(wanted: WantedDependency): Promise<boolean> {
      const { claims } = await import('./gates/resolvers.ts');
      return claims(wanted, hook);
    },

    async resolve(wanted: WantedDependency): Promise<unknown> {
      const { resolveTarball } = await import('./gates/resolvers.ts');
      return resolveTarball(wanted, hook);
    },
  },
];

/**
 * pnpm 10 takes fetchers of one pnpmfile, and fails where two have some. Ours are set here, so that a user's pnpmfile and a
 * project's may both be the guard, and so that no other can replace it.
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
 * With a lockfile for each project, pnpm 10 loads the pnpmfiles anew in each, and what it finds there replaces `preResolution`,
 * all that is called for what the store has. The global one is among them.
 */
function loadInEachProject(config: PnpmConfig): void {
  if (config['sharedWorkspaceLockfile'] === false) config['globalPnpmfile'] ??= __filename;
}

/** It writes before pnpm calls any other hook. */
function isPatchCommit(): boolean {
  return commandArguments().includes('patch-commit');
}

/** Whether pnpm may have unpacked any. */
function hasConfigDependencies(config: PnpmConfig): boolean {
  const roots = ['lockfileDir', 'rootProjectManifestDir', 'workspaceDir', 'dir'];
  return roots.some(
    (key) =>
      typeof config[key] === 'string' && existsSync(join(config[key], 'node_modules/.pnpm-config')),
  );
}

let isLookedAt = false;

/** pnpm 12 has a worker for each pnpmfile: a hook of ours that is called there finds out whether the others are, too. */
function refuseReplaced(): void {
  if (!inWorker || isLookedAt) return;
  const file = workerFile();
  hook.refusals.keep(() => refuseReplacedHooks(file === undefined ? [] : [file], pnpmfile));
  isLookedAt = true;
}

/** What pnpm loads. Resolvers are for pnpm 12 alone: on pnpm 11 they would only slow it down. */
export const pnpmfile: Pnpmfile & { compose?: (theirs: Pnpmfile) => Pnpmfile } = inWorker
  ? { hooks: { ...hooks, readPackage, fetchers: factories }, fetchers, resolvers }
  : { hooks, fetchers };
// No name that pnpm looks for.
Object.defineProperty(pnpmfile, 'compose', {
  value: (theirs: Pnpmfile) => compose(pnpmfile, theirs),
});

if (inWorker) hideFromLockfileOfWorker();
else hideFromLockfileOfProcess();
