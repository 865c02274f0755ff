/*
 * Inspects packages that never reach a fetcher. pnpm 12 downloads http tarballs while it resolves. It does not fetch `file:` tarballs
 * and git repositories that are in its store.
 */
import { existsSync } from 'node:fs';
import { decodedUrl } from '@tarwarden/core/text';
import { HURRIED_MS, type GuardingHook } from '../inspection/guard.ts';
import type { WantedDependency } from '../pnpm-shapes.ts';
import { localPath } from '../source.ts';
import type { Gates } from './gates.ts';

const TARBALL = /\.(?:tgz|tar\.gz|tar)$/i;
const GIT_HOST = /^https?:\/\/(?:[^/@]*@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)\//i;

interface SpecifierHook extends GuardingHook {
  gates(): Promise<Pick<Gates, 'folders'>>;
}

export interface ResolvedTarball {
  readonly id: string;
  readonly resolution: { readonly tarball: string; readonly integrity: string };
}

/** True for http tarballs, which `resolveTarball` then resolves. Others are inspected here if needed, and pnpm resolves them. */
export async function claims(wanted: WantedDependency, hook: SpecifierHook): Promise<boolean> {
  const specifier = wanted.bareSpecifier ?? '';
  hook.refusals.rethrow();
  if (isHttpTarball(specifier)) return true;
  if (isRepository(specifier)) await inspectRepository(specifier, hook);
  else if (/^(?:file:)?[^:]+$/i.test(specifier) && TARBALL.test(specifier)) {
    await inspectFiles(specifier, hook);
  }
  return false;
}

/** Downloads and inspects an http tarball, and pins the inspected bytes. */
export async function resolveTarball(
  wanted: WantedDependency,
  hook: Pick<GuardingHook, 'guard'>,
): Promise<ResolvedTarball> {
  const url = wanted.bareSpecifier ?? '';
  const guard = await hook.guard();
  const { integrity } = await guard.inspectSoon({ kind: 'download', id: url, url });
  return { id: url, resolution: { tarball: url, integrity } };
}

/** Inspects every file that the specifier may name, because the project is unknown. */
async function inspectFiles(specifier: string, hook: SpecifierHook): Promise<void> {
  const guard = await hook.guard();
  const currentPath = localPath(specifier, process.cwd());
  const gates = await hook.gates();
  const projectPaths = gates.folders().map((folder) => localPath(specifier, folder));
  const paths = [...new Set([currentPath, ...projectPaths])].filter((path) => existsSync(path));
  if (paths.length === 0) paths.push(currentPath);
  await Promise.all(paths.map((path) => guard.inspectSoon({ kind: 'file', id: specifier, path })));
}

async function inspectRepository(specifier: string, hook: GuardingHook): Promise<void> {
  const { repo, ref, range, folder } = repositoryIn(specifier);
  // Only pnpm resolves a range over tags. The fetcher inspects the commit, and so does `afterAllResolved`.
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
  /** Whether the specifier has a range over tags. */
  readonly range: boolean;
  readonly folder?: string;
}

/** Reads a specifier as pnpm 12 does: it decodes the text after `#`, and the last of several values of one kind counts. */
function repositoryIn(specifier: string): Repository {
  const hash = specifier.indexOf('#');
  const repository = { repo: specifier, ref: '', range: false };
  let folder: string | undefined;
  if (hash !== -1) {
    repository.repo = specifier.slice(0, hash);
    for (const part of decodedUrl(specifier.slice(hash + 1)).split('&')) {
      if (part.startsWith('semver:')) repository.range = true;
      else if (part.startsWith('path:')) folder = part.slice('path:'.length);
      else repository.ref = part;
    }
  }
  return {
    repo: repository.repo.replace(/^git\+/i, ''),
    ref: repository.ref === '' ? 'HEAD' : repository.ref,
    range: repository.range,
    ...(folder !== undefined && { folder }),
  };
}

/** Whether pnpm 12 treats a URL as a git repository, and not as a tarball. */
function isRepository(specifier: string): boolean {
  if (/^(?:git\+[a-z]+|git|ssh):/i.test(specifier)) return true;
  return /^https?:/i.test(specifier) && /\.git(?:#|$)/.test(specifier);
}

function isHttpTarball(specifier: string): boolean {
  if (!/^https?:\/\//i.test(specifier) || isRepository(specifier)) return false;
  const path = specifier.replace(/[?#].*$/s, '');
  return TARBALL.test(path) || !GIT_HOST.test(specifier);
}
