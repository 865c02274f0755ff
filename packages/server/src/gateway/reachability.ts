/*
 * Remembers that a host cannot be reached, so that not every request waits for it. After a pause, one request asks again, and the others go
 * on when it gets an answer.
 */
import { isUnreached } from '@tarwarden/guard';
import { UnreachableRegistry } from './answers.ts';
import type { RegistryAnswer } from './upstream-answer.ts';

/** Milliseconds between two requests to a host that cannot be reached. */
const PAUSE = 2_000;
/** So many requests in a row without an answer make a host silent. A single slow page must not. */
const SILENT_AFTER = 3;
/** Milliseconds for which a failure is a problem. */
const COUNTS_FOR = 60_000;
/** The most hosts that are remembered. */
const HOSTS_MAX = 1_000;

interface HostState {
  /** No connection could be made. */
  isDown: boolean;
  /** Requests in a row that got no answer in time. */
  late: number;
  askedAt: number;
  /** The last failure, in words without addresses. */
  words: string;
}

export class Reachability {
  readonly #hosts = new Map<string, HostState>();

  /** Asks a host, unless it could not be reached a moment ago. `signal` ends the request. */
  async asked(
    host: string,
    signal: AbortSignal,
    ask: () => Promise<RegistryAnswer>,
  ): Promise<RegistryAnswer> {
    this.#check(host);
    try {
      const answer = await ask();
      this.#answered(host, answer.statusCode);
      return answer;
    } catch (error) {
      // If the gateway has ended the request itself, the error says nothing about the server.
      if (!signal.aborted) this.failed(host, error);
      throw error;
    }
  }

  /** @throws UnreachableRegistry while a host to which no connection could be made is not asked. */
  #check(host: string): void {
    const state = this.#hosts.get(host);
    if (state?.isDown === true && !this.#isTurn(state))
      throw new UnreachableRegistry('the registry cannot be reached: try again in a few seconds');
  }

  /** Whether to ask a host even though there is a copy of its answer: not if it is silent. */
  isWorthAsking(host: string): boolean {
    const state = this.#hosts.get(host);
    return state === undefined || state.isDown || state.late < SILENT_AFTER || this.#isTurn(state);
  }

  #answered(host: string, status: number): void {
    if (status < 500) this.#hosts.delete(host);
    else this.#set(host, { isDown: false, late: 0, words: `the registry answers ${status}` });
  }

  /** Why a host did not answer last; undefined if it did, or if that was long ago. */
  problem(host: string): string | undefined {
    const state = this.#hosts.get(host);
    const isRecent = state !== undefined && performance.now() - state.askedAt < COUNTS_FOR;
    return isRecent ? state.words : undefined;
  }

  /** Called with the error of a request. Clients cannot cause errors of connections, but they may know pages that take long. */
  failed(host: string, error: unknown): void {
    const { late = 0 } = this.#hosts.get(host) ?? {};
    const isDown = isUnreached(error);
    const words = error instanceof Error ? error.message : 'the registry does not answer in time';
    this.#set(host, { isDown, late: isDown ? late : late + 1, words });
  }

  #set(host: string, state: Omit<HostState, 'askedAt'>): void {
    if (this.#hosts.size >= HOSTS_MAX && !this.#hosts.has(host)) return;
    this.#hosts.set(host, { ...state, askedAt: performance.now() });
  }

  #isTurn(state: HostState): boolean {
    const now = performance.now();
    if (now - state.askedAt < PAUSE) return false;
    state.askedAt = now;
    return true;
  }
}
