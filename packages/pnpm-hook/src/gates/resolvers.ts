/*
 * pnpm 12 downloads http tarballs while it resolves, and asks no fetcher; `file:` tarballs and git repositories that
 * its store has are not fetched either. Here they are inspected first.
 */
import { existsSync } from 'node:fs';
import { decodedUrl } from '@tarwarden/core/text';
import { HURRIED_MS } from '../inspection/guard.ts';
import type { Hook } from '../hook.ts';
import type { WantedDependency } from '../pnpm-shapes.ts';
import { localPath } from '../source.ts';

const TARBALL = /\.(?:tgz|tar\.gz|tar)$/i;
const GIT_HOST = /^https?:\/\/(?:[^/@]*@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)\//i;

export interface ResolvedTarball {
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
  if (isRepository(specifier)) await inspectRepository(specifier, hook);
  else if (/^(?:file:)?[^:]+$/i.test(specifier) && TARBALL.test(specifier)) {
    await inspectFiles(specifier, hook);
  }
  return false;
}

/** Downloads and inspects an http tarball, and pins what was inspected. */
export async function resolveTarball(
  wanted: WantedDependency,
  hook: Pick<Hook, 'guard'>,
): Promise<ResolvedTarball> {
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
  const { repo, ref, range, folder } = repositoryIn(specifier);
  // A range over tags is pnpm's to resolve: the fetcher inspects the commit, and `afterAllResolved` looks again.
  if (range) return;
  const { commitOf } = await hook.inspection();
  const commit = await commitOf(repo, ref, HURRIED_MS);
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

interface Repository {
  readonly repo: string;
  readonly ref: string;
  /** Whether a range over tags is asked for. */
  readonly range: boolean;
  readonly folder?: string;
}

/** Reads a specifier as pnpm 12 does: it decodes what follows `#`, and of several values of one kind takes the last. */
function repositoryIn(specifier: string): Repository {
  const hash = specifier.indexOf('#');
  const read = { repo: specifier, ref: '', range: false };
  let folder: string | undefined;
  if (hash !== -1) {
    read.repo = specifier.slice(0, hash);
    for (const part of decodedUrl(specifier.slice(hash + 1)).split('&')) {
      if (part.startsWith('semver:')) read.range = true;
      else if (part.startsWith('path:')) folder = part.slice('path:'.length);
      else read.ref = part;
    }
  }
  return {
    repo: read.repo.replace(/^git\+/i, ''),
    ref: read.ref === '' ? 'HEAD' : read.ref,
    range: read.range,
    ...(folder !== undefined && { folder }),
  };
}

/** A URL that pnpm 12 takes for one of a git repository, and not for one of a tarball. */
function isRepository(specifier: string): boolean {
  if (/^(?:git\+[a-z]+|git|ssh):/i.test(specifier)) return true;
  return /^https?:/i.test(specifier) && /\.git(?:#|$)/.test(specifier);
}

function isHttpTarball(specifier: string): boolean {
  if (!/^https?:\/\//i.test(specifier) || isRepository(specifier)) return false;
  const path = specifier.replace(/[?#].*$/s, '');
  return TARBALL.test(path) || !GIT_HOST.test(specifier);
}
