/*
 * Downloads of packages. Yarn reads an answer into memory as long as it comes, and hands it on when it is over: what has no
 * end has to be ended before.
 */
import type { Hooks } from '@yarnpkg/core';
import { keepRefusal, type Fetches, type Fetching } from './fetches.ts';
import { isTriedFirst, refuseArchive } from './github.ts';
import type { Core } from './guard.ts';
import type { Guards } from './guards.ts';
import { subjectOf } from './subject.ts';

type Wrap = NonNullable<Hooks['wrapNetworkRequest']>;
type Executor = Parameters<Wrap>[0];
type Request = Parameters<Wrap>[1];

export class Downloads {
  readonly #state: { readonly guards: Guards; readonly fetches: Fetches };
  /** Bounds, in bytes, of the downloads under way. Nothing says to which of them an answer belongs. */
  readonly #underWay = new Map<object, number>();
  #limited = false;

  constructor(state: { readonly guards: Guards; readonly fetches: Fetches }) {
    this.#state = state;
  }

  /** Yarn's hook. */
  readonly wrap: Wrap = async (executor, request) => {
    const { current } = this.#state.fetches;
    const bounded =
      current === undefined ? executor : () => this.#bounded(executor, request, current);
    return refuseArchive(bounded, request, this.#state);
  };

  async #bounded(
    executor: Executor,
    request: Request,
    current: Fetching,
  ): Promise<Awaited<ReturnType<Executor>>> {
    const { guards } = this.#state;
    const { policy } = await guards.for(request.configuration);
    const core = await this.#limit();
    const download = {};
    this.#underWay.set(download, core.tarballBytesMax(policy.limits));
    try {
      return await executor();
    } catch (error) {
      // Yarn has another way to what it only tries.
      if (!core.isTooLarge(error) || isTriedFirst(request, current)) throw error;
      const why = `${error.message} (${String(request.target)})`;
      const subject = subjectOf(current.locator);
      const refusal = await guards.notInspected(subject, why, core.TOO_LARGE_REMEDY);
      keepRefusal(current, refusal);
      throw refusal;
    } finally {
      this.#underWay.delete(download);
    }
  }

  async #limit(): Promise<Core> {
    const core = await this.#state.guards.core();
    const bounds = this.#underWay;
    if (!this.#limited)
      core.limitBodies(() => (bounds.size === 0 ? undefined : Math.max(...bounds.values())));
    this.#limited = true;
    return core;
  }
}
