/*
 * Downloads of packages. Yarn reads an answer into memory as long as it comes, and hands it on when it is over: what has no
 * end has to be ended before.
 */
import type { Hooks } from '@yarnpkg/core';
import { isTriedFirst, refuseArchive } from './github.ts';
import { guardFor, loadCore } from './guard.ts';
import { refuse } from './refuse.ts';
import { subjectOf } from './subject.ts';
import { currentFetch, keepRefusal, type Fetching } from './tarballs.ts';

type Wrap = NonNullable<Hooks['wrapNetworkRequest']>;
type Executor = Parameters<Wrap>[0];
type Request = Parameters<Wrap>[1];

/** Bounds, in bytes, of the downloads under way. Nothing says to which of them an answer belongs. */
const underWay = new Map<object, number>();
let limited = false;

export const wrapNetworkRequest: Wrap = async (executor, request) => {
  const current = currentFetch();
  return refuseArchive(
    current === undefined ? executor : bounded(executor, request, current),
    request,
  );
};

function bounded(executor: Executor, request: Request, current: Fetching): Executor {
  return async () => {
    const { policy } = await guardFor(request.configuration);
    const core = await limitDownloads();
    const download = {};
    underWay.set(download, core.tarballBytesMax(policy.limits));
    try {
      return await executor();
    } catch (error) {
      // Yarn has another way to what it only tries.
      if (!core.isTooLarge(error) || isTriedFirst(request, current)) throw error;
      const why = `${error.message} (${String(request.target)})`;
      const remedy = core.TOO_LARGE_REMEDY;
      const refusal = refuse(core.notInspected(subjectOf(current.locator), why, { remedy }));
      keepRefusal(current, refusal);
      throw refusal;
    } finally {
      underWay.delete(download);
    }
  };
}

async function limitDownloads(): Promise<Awaited<ReturnType<typeof loadCore>>> {
  const core = await loadCore();
  if (!limited)
    core.limitBodies(() => (underWay.size === 0 ? undefined : Math.max(...underWay.values())));
  limited = true;
  return core;
}
