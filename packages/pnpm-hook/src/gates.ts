/* The points at which an install stops: before it resolves, after it has, and for each package on the way. */
import { projectLink } from '@tarwarden/host';
import { inWorker } from './engine.ts';
import { fail, rethrow } from './failure.ts';
import { isSettledStore } from './foreign-settings.ts';
import { theGuard } from './guard.ts';
import { HookError } from './messages.ts';
import { MissingError } from './missing.ts';
import { OptionalNames } from './optional-names.ts';
import { mayRunHere } from './platform.ts';
import type { Lockfile, Manifest, ResolutionContext } from './pnpm-shapes.ts';
import { adoptRegistries, session } from './session.ts';
import { isPublished, lockedSources, type Source } from './source.ts';
import { refuseCommittedStore } from './store-origin.ts';
import { holdsNoPackage } from './store.ts';
import { workspaceFolders } from './workspace-folders.ts';

/** No package is in pnpm's store and nothing is linked: whatever is installed has to pass the fetchers. */
let cold = false;
let lockfileDir = process.cwd();
const names = new OptionalNames();

/** `preResolution`, the only hook that runs when lockfile and store leave nothing to ask or fetch. */
export async function beforeResolution(context: ResolutionContext): Promise<void> {
  rethrow();
  const { store } = session();
  await theGuard(context.lockfileDir);
  if (context.wantedLockfile === undefined || context.storeDir === undefined)
    throw fail(new HookError('NOT_INSPECTED', 'pnpm showed no lockfile before resolving'));
  adoptRegistries(context.registries);
  lockfileDir = context.lockfileDir ?? lockfileDir;
  const { storeDir } = context;
  refusing(() => {
    if (!isSettledStore(storeDir, store, lockfileDir)) throw changedStore(storeDir);
    refuseCommittedStore(storeDir, lockfileDir, store !== undefined);
    refuseLinksOut(context.wantedLockfile);
  });
  // pnpm 10 and 11 make folders for what a fetcher then refuses: there everything is judged before.
  cold = inWorker && context.existsCurrentLockfile === false && holdsNoPackage(storeDir);
  await judgeLockfile(context.wantedLockfile, cold);
}

/** Between `updateConfig` and here, only another pnpmfile's `updateConfig` can set it. */
function changedStore(storeDir: string): HookError {
  return new HookError(
    'NOT_INSPECTED',
    `pnpm's store is ${JSON.stringify(storeDir)}, which no setting names: another pnpmfile has set storeDir. ` +
      'Set it in your own configuration (pnpm config set --location=global store-dir PATH), not in a pnpmfile',
  );
}

/** `afterAllResolved`. On pnpm 12 it comes after linking, and can only tell that something went wrong. */
export async function afterResolution(lockfile: Lockfile): Promise<void> {
  rethrow();
  // Projects that no lockfile named before.
  refusing(() => refuseLinksOut(lockfile));
  // All of it: what a fetcher refuses after this leaves a lockfile and empty folders.
  await judgeLockfile(lockfile, false);
}

/** Refuses to install through links that lead out of the project and may be the repository's. */
function refuseLinksOut(lockfile: Lockfile | undefined): void {
  const { modulesDir, workspaces = [] } = session();
  const link = projectLink({
    root: lockfileDir,
    folders: [
      '.',
      ...Object.keys(lockfile?.importers ?? {}),
      ...(inWorker ? workspaceFolders(lockfileDir, workspaces) : []),
    ],
    modules: ['node_modules', ...(modulesDir === undefined ? [] : [modulesDir])],
    files: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  });
  if (link === undefined) return;
  throw new HookError(
    'NOT_INSPECTED',
    `nothing is installed: ${link.problem}. What to do: ${link.remedy}`,
  );
}

/** What is refused here is refused for good. */
function refusing<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw error instanceof HookError ? fail(error) : error;
  }
}

/** `left`: what comes by a fetcher for sure is left to it, so that pnpm unpacks while more is judged. */
async function judgeLockfile(lockfile: Lockfile, left: boolean): Promise<void> {
  const here = session();
  const guard = await theGuard(lockfileDir);
  const wanted: Source[] = [];
  const place = { settings: here.settings, mirrors: here.mirrors, lockfileDir };
  const sources = refusing(() => lockedSources(lockfile, place));
  // pnpm would forgive what a fetcher refuses of them, and of what they need.
  const lies = sources.some(({ optional, forgiven }) => forgiven && !optional);
  for (const { source, optional, locked } of sources) {
    if (optional && !mayRunHere(locked, here)) continue;
    // The failure of an optional dependency is swallowed in a fetcher, so that it must be found here.
    const fetcherJudges = left && !lies && !optional && isPublished(source);
    if (left && optional && isPublished(source)) guard.allowMissing(source);
    if (!fetcherJudges || guard.remembered(source)?.status === 'reject') wanted.push(source);
  }
  await guard.judgeAll(wanted);
}

/**
 * `readPackage` on pnpm 12: the last hook before linking when the store has the package and no lockfile names it.
 */
export async function beforeUse(manifest: Manifest): Promise<void> {
  rethrow();
  const guard = await theGuard(lockfileDir);
  const due = names.see(manifest);
  const source = published(manifest);
  if (source !== undefined) {
    const optional = names.onlyOptional(source.expected.name);
    if (optional && !mayRunHere(manifest, session())) names.skip(source.expected.name, source);
    else if (!cold || !isPublished(source) || names.maybeOptional(source.expected.name))
      due.push(source);
    // Not in the store, so that pnpm has it from our fetcher, or not at all.
    if (optional && cold && isPublished(source)) guard.allowMissing(source);
  }
  await Promise.all(
    due.map((one) =>
      guard.judgeSoon(one).catch((error: unknown) => {
        if (!(error instanceof MissingError)) throw error;
      }),
    ),
  );
}

function published(
  manifest: Manifest,
): (Source & { expected: { name: string; version: string } }) | undefined {
  const { name, version, dist } = manifest;
  if (name === undefined || version === undefined || dist?.tarball === undefined) return undefined;
  const integrity = dist.integrity ?? sha1(dist.shasum);
  return {
    kind: 'download',
    id: `${name}@${version}`,
    url: dist.tarball,
    expected: { name, version },
    ...(integrity !== undefined && { integrity }),
  };
}

function sha1(shasum: string | undefined): string | undefined {
  if (shasum === undefined || !/^[0-9a-f]{40}$/i.test(shasum)) return undefined;
  return `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`;
}
