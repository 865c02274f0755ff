import type { Hooks } from '@yarnpkg/core';
import type { Fetches, Fetching } from './fetches.ts';
import type { Guards } from './guards.ts';
import { subjectOf } from './subject.ts';

/**
 * The URL that Yarn asks for before it clones a repository on GitHub. Yarn builds it from a reference whose parts can be any text,
 * so it may lead to any host and any path.
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
 * Yarn unpacks GitHub's archive of a repository to the disk, and packs it there. If the archive is not accepted, the guard throws an
 * error, which Yarn takes for "not available": it clones with git instead, and the guard inspects the packed tarball. So this error does
 * not set the exit code. A dependency on the URL itself is refused here, because Yarn keeps the response and may unpack it for another
 * package.
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
