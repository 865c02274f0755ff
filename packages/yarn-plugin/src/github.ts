import type { Hooks } from '@yarnpkg/core';
import { guardFor } from './guard.ts';
import { subjectOf } from './subject.ts';
import { currentFetch, type Fetching } from './tarballs.ts';

/**
 * What Yarn asks for in place of cloning a repository on GitHub: the text that it builds of a reference, in which the parts
 * are whatever somebody wrote there. As a URL it may lead to any host and any path.
 */
const ARCHIVE = /^https:\/\/(?:[^/]+@)?github\.com\/[^/#]+\/[^/#]+\/archive\/.*\.tar\.gz$/s;

type Wrap = NonNullable<Hooks['wrapNetworkRequest']>;
type Request = Parameters<Wrap>[1];

/** Whether Yarn asks for an archive only to spare itself a clone. */
export function isTriedFirst({ target }: Request, { locator }: Fetching): boolean {
  return ARCHIVE.test(String(target)) && !ARCHIVE.test(locator.reference);
}

/**
 * Yarn unpacks GitHub's archive of a repository straight to the disk, to pack it there. One that is not accepted is not
 * unpacked: Yarn takes an error for "not available" and clones with git, which has its own care, and what is packed
 * there is judged like any tarball. So this must not set the exit code. A dependency on the address itself is refused, as
 * it would be where its tarball is converted: Yarn keeps the answer, and may unpack it for another package.
 */
export const refuseArchive: Wrap = async (executor, { target, method, configuration }) => {
  const address = String(target);
  if (!ARCHIVE.test(address)) return executor;
  const current = currentFetch();
  return async () => {
    const response = await executor();
    if (String(method ?? 'GET') === 'GET' && response.body instanceof Uint8Array) {
      const guard = await guardFor(configuration);
      const why = await guard.objection(response.body);
      if (why === undefined) return response;
      if (current !== undefined && ARCHIVE.test(current.locator.reference))
        await guard.tarball(response.body, subjectOf(current.locator));
      throw new Error(`tarwarden: not unpacking GitHub's archive: ${why}`);
    }
    return response;
  };
};
