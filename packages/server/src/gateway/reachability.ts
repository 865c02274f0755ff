/*
 * Remembers that a host cannot be reached, so that not every request waits for it. After a pause, one request asks again, and the others go
 * on when it gets an answer.
 */
import { isUnreached } from '@tarwarden/host';
import { UnreachableRegistry } from './answers.ts';

/** Milliseconds between two requests to a host that cannot be reached. */
const PAUSE = 2_000;
/** So many requests in a row without an answer make a host silent. A single slow page must not. */
const SILENT_AFTER = 3;
/** The most hosts that are remembered. */
const HOSTS_MAX = 1_000;

interface HostState {
  /** No connection could be made. */
  isDown: boolean;
  /** Requests in a row that got no answer in time. */
  late: number;
  askedAt: number;
}

export class Reachability {
  readonly #hosts = new Map<string, HostState>();

  /** @throws UnreachableRegistry while a host to which no connection could be made is not asked. */
  check(host: string): void {
    const state = this.#hosts.get(host);
    if (state?.isDown === true && !this.#isTurn(state))
      throw new UnreachableRegistry('the registry cannot be reached: try again in a few seconds');
  }

  /** Whether to ask a host even though there is a copy of its answer: not if it is silent. */
  isWorthAsking(host: string): boolean {
    const state = this.#hosts.get(host);
    return state === undefined || state.isDown || state.late < SILENT_AFTER || this.#isTurn(state);
  }

  answered(host: string): void {
    this.#hosts.delete(host);
  }

  /** Called with the error of a request. Clients cannot cause errors of connections, but they may know pages that take long. */
  failed(host: string, error: unknown): void {
    const state = this.#hosts.get(host) ?? { isDown: false, late: 0, askedAt: 0 };
    state.isDown = isUnreached(error);
    if (!state.isDown) state.late += 1;
    state.askedAt = performance.now();
    if (this.#hosts.size < HOSTS_MAX || this.#hosts.has(host)) this.#hosts.set(host, state);
  }

  #isTurn(state: HostState): boolean {
    const now = performance.now();
    if (now - state.askedAt < PAUSE) return false;
    state.askedAt = now;
    return true;
  }
}
