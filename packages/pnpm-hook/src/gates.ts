/* The points at which an install stops: before it resolves, after it has, and for each package on the way. */
import { readdirSync } from 'node:fs';
import { theGuard } from './guard.ts';
import { HookError } from './messages.ts';
import { OptionalNames } from './optional-names.ts';
import { mayRunHere } from './platform.ts';
import type { Lockfile, Manifest, ResolutionContext } from './pnpm-shapes.ts';
import { adoptRegistries, session } from './session.ts';
import { lockedSources, type Source } from './source.ts';

/** Nothing is in pnpm's store and nothing is linked: whatever is installed has to pass the fetchers. */
let cold = false;
let lockfileDir = process.cwd();
const names = new OptionalNames();

/** `preResolution`, the only hook that runs when lockfile and store leave nothing to ask or fetch. */
export async function beforeResolution(context: ResolutionContext): Promise<void> {
  const guard = theGuard(context.lockfileDir);
  guard.rethrow();
  if (context.wantedLockfile === undefined || context.storeDir === undefined)
    throw new HookError('NOT_INSPECTED', 'pnpm showed no lockfile before resolving');
  adoptRegistries(context.registries);
  lockfileDir = context.lockfileDir ?? lockfileDir;
  cold = context.existsCurrentLockfile === false && isEmpty(context.storeDir);
  await judgeLockfile(context.wantedLockfile);
}

/** `afterAllResolved`. On pnpm 12 it comes after linking, and can only tell that something went wrong. */
export async function afterResolution(lockfile: Lockfile): Promise<void> {
  theGuard(lockfileDir).rethrow();
  await judgeLockfile(lockfile);
}

async function judgeLockfile(lockfile: Lockfile): Promise<void> {
  const here = session();
  const guard = theGuard(lockfileDir);
  const wanted: Source[] = [];
  for (const { source, optional, locked } of lockedSources(lockfile, {
    settings: here.settings,
    lockfileDir,
  })) {
    if (optional && !mayRunHere(locked, here)) continue;
    // The failure of an optional dependency is swallowed in a fetcher, so that it must be found here.
    const fetcherJudges = cold && source.kind === 'download' && !optional;
    if (!fetcherJudges || guard.remembered(source)?.status === 'reject') wanted.push(source);
  }
  await guard.judgeAll(wanted);
}

/**
 * `readPackage` on pnpm 12: the last hook before linking when the store has the package and no lockfile names it.
 */
export async function beforeUse(manifest: Manifest): Promise<void> {
  const guard = theGuard(lockfileDir);
  guard.rethrow();
  const due = names.see(manifest);
  const source = published(manifest);
  if (source !== undefined) {
    const optional = names.onlyOptional(source.expected.name);
    if (optional && !mayRunHere(manifest, session())) names.skip(source.expected.name, source);
    else if (!cold || names.maybeOptional(source.expected.name)) due.push(source);
  }
  await Promise.all(due.map((one) => guard.judgeSoon(one)));
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

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
