/*
 * pnpm 12 downloads http tarballs while it resolves, and asks no fetcher; `file:` tarballs and git repositories that
 * its store has are not fetched either. Here they are inspected first.
 */
import { existsSync } from 'node:fs';
import { HURRIED_MS } from './guard.ts';
import type { Hook } from './hook.ts';
import type { WantedDependency } from './pnpm-shapes.ts';
import { localPath } from './source.ts';

const TARBALL = /\.(?:tgz|tar\.gz|tar)$/i;
const GIT_HOST = /^https?:\/\/(?:[^/@]*@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)\//i;

export interface Resolved {
  readonly id: string;
  readonly resolution: { readonly tarball: string; readonly integrity: string };
}

/** True for http tarballs, which `resolveTarball` then answers. Others are inspected where they must be, and left to pnpm. */
export async function claims(
  wanted: WantedDependency,
  hook: Pick<Hook, 'gates' | 'guard' | 'inspection' | 'refusals'>,
): Promise<boolean> {
  const specifier = wanted.bareSpecifier ?? '';
  hook.refusals.rethrow();
  if (isHttpTarball(specifier)) return true;
  if (/^(?:git\+|git:|ssh:)/i.test(specifier)) await inspectRepository(specifier, hook);
  else if (/^(?:file:)?[^:]+$/i.test(specifier) && TARBALL.test(specifier)) {
    await inspectFiles(specifier, hook);
  }
  return false;
}

/** Downloads and inspects an http tarball, and pins what was inspected. */
export async function resolveTarball(
  wanted: WantedDependency,
  hook: Pick<Hook, 'guard'>,
): Promise<Resolved> {
  const url = wanted.bareSpecifier ?? '';
  const guard = await hook.guard();
  const { integrity } = await guard.inspectSoon({ kind: 'download', id: url, url });
  return { id: url, resolution: { tarball: url, integrity } };
}

/** Every file that it may mean, whichever project it is that asks. */
async function inspectFiles(specifier: string, hook: Pick<Hook, 'gates' | 'guard'>): Promise<void> {
  const guard = await hook.guard();
  const here = localPath(specifier, process.cwd());
  const gates = await hook.gates();
  const all = gates.folders().map((folder) => localPath(specifier, folder));
  const paths = [...new Set([here, ...all])].filter((path) => existsSync(path));
  if (paths.length === 0) paths.push(here);
  await Promise.all(paths.map((path) => guard.inspectSoon({ kind: 'file', id: specifier, path })));
}

async function inspectRepository(
  specifier: string,
  hook: Pick<Hook, 'guard' | 'inspection'>,
): Promise<void> {
  const hash = specifier.indexOf('#');
  const repo = (hash === -1 ? specifier : specifier.slice(0, hash)).replace(/^git\+/i, '');
  const ref = hash === -1 ? 'HEAD' : specifier.slice(hash + 1);
  const [name = 'HEAD', ...options] = ref.split('&');
  const folder = options.find((option) => option.startsWith('path:'))?.slice('path:'.length);
  const { commitOf } = await hook.inspection();
  const commit = await commitOf(repo, name === '' ? 'HEAD' : name, HURRIED_MS);
  // A range over tags is pnpm's to resolve: the fetcher inspects the commit, and `afterAllResolved` looks again.
  if (commit === undefined) return;
  const guard = await hook.guard();
  await guard.inspectSoon({
    kind: 'git',
    id: specifier,
    repo,
    commit,
    ...(folder !== undefined && { folder }),
  });
}

function isHttpTarball(specifier: string): boolean {
  if (!/^https?:\/\//i.test(specifier)) return false;
  const path = specifier.replace(/[?#].*$/s, '');
  if (/\.git$/i.test(path)) return false;
  return TARBALL.test(path) || !GIT_HOST.test(specifier);
}
