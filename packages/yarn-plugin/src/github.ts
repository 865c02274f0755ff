import type { Hooks } from '@yarnpkg/core';
import { guardFor } from './guard.ts';
import { currentFetch } from './tarballs.ts';

/** What Yarn downloads of a repository on GitHub, in place of cloning it. */
const ARCHIVE = /^\/[^/]+\/[^/]+\/archive\/.+\.tar\.gz$/;

function archivePath(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  return host === 'github.com' && ARCHIVE.test(pathname) ? pathname : undefined;
}

/**
 * Yarn unpacks GitHub's archive of a repository straight to the disk, to pack it there. One that is not accepted is not
 * unpacked: Yarn takes an error for "not available" and clones with git, which has its own care, and what is packed
 * there is judged like any tarball. So this must not set the exit code.
 */
export const wrapNetworkRequest: NonNullable<Hooks['wrapNetworkRequest']> = async (
  executor,
  { target, method, configuration },
) => {
  const path = archivePath(String(target));
  // A dependency on the URL itself is judged where its tarball is converted.
  const own = archivePath(currentFetch()?.locator.reference ?? '');
  if (path === undefined || own !== undefined) return executor;
  return async () => {
    const response = await executor();
    if (String(method ?? 'GET') === 'GET' && response.body instanceof Uint8Array) {
      const guard = await guardFor(configuration);
      const why = await guard.objection(response.body);
      if (why !== undefined) throw new Error(`tarwarden: not unpacking ${path}: ${why}`);
    }
    return response;
  };
};
