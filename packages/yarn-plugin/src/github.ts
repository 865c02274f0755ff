import type { Hooks } from '@yarnpkg/core';
import type { Fetches, Fetching } from './fetches.ts';
import type { Guards } from './guards.ts';
import { subjectOf } from './subject.ts';

/**
 * What Yarn asks for instead of cloning a repository on GitHub: the text that it builds of a reference, in which the parts
 * are whatever somebody wrote there. As a URL it may lead to any host and any path.
 */
const ARCHIVE = /^https:\/\/(?:[^/]+@)?github\.com\/[^/#]+\/[^/#]+\/archive\/.*\.tar\.gz$/s;

type Wrap = NonNullable<Hooks['wrapNetworkRequest']>;
type Executor = Parameters<Wrap>[0];
type Request = Parameters<Wrap>[1];

/** Whether Yarn asks for an archive only to spare itself a clone. */
export function isTriedFirst({ target }: Request, { locator }: Fetching): boolean {
  return ARCHIVE.test(String(target)) && !ARCHIVE.test(locator.reference);
}

/**
 * Yarn unpacks GitHub's archive of a repository straight to the disk, to pack it there. One that is not accepted is not
 * unpacked: Yarn takes an error for "not available" and clones with git, which has its own care, and what is packed
 * there is inspected like any tarball. So this must not set the exit code. A dependency on the address itself is refused, as
 * it would be where its tarball is converted: Yarn keeps the answer, and may unpack it for another package.
 */
export function refuseArchive(
  executor: Executor,
  { target, method, configuration }: Request,
  { guards, fetches }: { readonly guards: Guards; readonly fetches: Fetches },
): Executor {
  if (!ARCHIVE.test(String(target))) return executor;
  const { current } = fetches;
  return async () => {
    const response = await executor();
    if (String(method ?? 'GET') !== 'GET' || !(response.body instanceof Uint8Array))
      return response;
    const guard = await guards.for(configuration);
    const why = await guard.objection(response.body);
    if (why === undefined) return response;
    if (current !== undefined && ARCHIVE.test(current.locator.reference))
      await guard.tarball(response.body, subjectOf(current.locator));
    throw new Error(`tarwarden: not unpacking GitHub's archive: ${why}`);
  };
}
