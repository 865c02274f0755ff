/*
 * The gate: a tarball passes with a verdict that accepts, or not at all. One flight for each tarball and whoever may have it; what is
 * under way is bounded in number, and lies in files.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Policy, Verdict } from '@tarwarden/core';
import { ByteBudget, sha512Of } from '@tarwarden/host';
import { trace } from '@opentelemetry/api';
import { GatewayAnswer, Refusal } from './answers.ts';
import type { Metrics } from './metrics.ts';
import { readerOf, type VersionEntry } from './package-index.ts';
import type { Spool, Spooled } from './spool.ts';
import { Turns } from './turns.ts';
import type { Upstream } from './upstream.ts';
import type { Outcome, Verdicts } from './verdicts.ts';

/** Downloads without a verdict under way at once. Others wait their turn. */
const FLIGHTS_MAX = 12;
/** Requests that wait for one: more are answered with 503. */
const WAITING_MAX = 5_000;
/** Milliseconds of a download, however steadily it trickles. */
const DOWNLOAD_TIME = 10 * 60_000;
/** Archives that are with the threads, in bytes: each thread reads its whole archive. */
const INSPECTED_MAX = 64 * 1024 * 1024;

export interface Inspects {
  inspectFile(
    path: string,
    options: { policy: Policy; expected: { name: string; version: string } },
  ): Promise<Verdict>;
}

export interface GateParts {
  readonly upstream: Upstream;
  readonly verdicts: Verdicts;
  readonly spool: Spool;
  readonly threads: Inspects;
  readonly policy: Policy;
  readonly metrics: Metrics;
}

/** A tarball that was accepted, until all who waited for it have it. */
export interface Landed {
  readonly spooled: Spooled;
  readonly release: () => void;
}

interface Flight {
  readonly landed: Promise<Spooled>;
  readonly abort: AbortController;
  users: number;
}

const HIT_IN_MEMORY = { source: 'memory', outcome: 'hit' } as const;

const tracer = trace.getTracer('tarwarden-gateway');

export class Gate {
  readonly #parts: GateParts;
  readonly #flights = new Map<string, Flight>();
  readonly #inspected = new ByteBudget(INSPECTED_MAX);
  readonly #turns = new Turns(FLIGHTS_MAX, WAITING_MAX);

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** What is known of a version by the integrity that its document has, in memory. */
  knownNow(entry: VersionEntry): Outcome | undefined {
    const sha512 = sha512Of(entry.integrity);
    const found = sha512 === undefined ? undefined : this.#parts.verdicts.inMemory(sha512, entry);
    if (found !== undefined) this.#parts.metrics.lookups.inc(HIT_IN_MEMORY);
    return found;
  }

  /** The same, wherever verdicts are kept. */
  async known(entry: VersionEntry): Promise<Outcome | undefined> {
    const sha512 = sha512Of(entry.integrity);
    if (sha512 === undefined) return undefined;
    const { metrics, verdicts } = this.#parts;
    const found = await verdicts.find(sha512, entry);
    metrics.lookups.inc({ source: 'store', outcome: found === undefined ? 'miss' : 'hit' });
    return found;
  }

  /**
   * Fetches a tarball, and inspects it unless there is a verdict on what came. All who ask for it with the same rights have it of one
   * download, which ends when all of them are gone.
   * @throws Refusal for one that is rejected, GatewayAnswer for one that cannot be had or inspected.
   */
  async land(
    entry: VersionEntry,
    headers: IncomingHttpHeaders,
    gone?: AbortSignal,
  ): Promise<Landed> {
    const key = JSON.stringify([entry.tarball, entry.name, entry.version, readerOf(headers)]);
    const flight = this.#flights.get(key) ?? this.#start(key, entry, headers);
    flight.users += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      gone?.removeEventListener('abort', release);
      flight.users -= 1;
      if (flight.users > 0) return;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      flight.abort.abort();
      // One that did not land has dropped its file.
      void flight.landed.then(
        (spooled) => this.#parts.spool.drop(spooled),
        () => undefined,
      );
    };
    if (gone?.aborted === true) release();
    else gone?.addEventListener('abort', release);
    try {
      return { spooled: await flight.landed, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #start(key: string, entry: VersionEntry, headers: IncomingHttpHeaders): Flight {
    const abort = new AbortController();
    const landed = this.#turns.run(() => this.#fly(entry, headers, abort.signal));
    const flight: Flight = { landed, abort, users: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  async #fly(
    entry: VersionEntry,
    headers: IncomingHttpHeaders,
    gone: AbortSignal,
  ): Promise<Spooled> {
    gone.throwIfAborted();
    const { metrics } = this.#parts;
    metrics.flights.inc();
    try {
      return await tracer.startActiveSpan('tarwarden.inspect', async (span) => {
        try {
          return await this.#inspect(entry, headers, gone);
        } finally {
          span.end();
        }
      });
    } finally {
      metrics.flights.dec();
    }
  }

  async #inspect(
    entry: VersionEntry,
    headers: IncomingHttpHeaders,
    gone: AbortSignal,
  ): Promise<Spooled> {
    const { upstream, spool } = this.#parts;
    const signal = AbortSignal.any([gone, AbortSignal.timeout(DOWNLOAD_TIME)]);
    const answer = await upstream.tarball(entry.tarball, headers, signal);
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw passedStatus(answer.statusCode);
    }
    const { 'content-length': length } = answer.headers;
    const announced = typeof length === 'string' ? Number(length) : undefined;
    const spooled = await spool.take(answer.body, { announced });
    try {
      await this.#pass(entry, spooled);
      return spooled;
    } catch (error) {
      await spool.drop(spooled);
      throw error;
    }
  }

  async #pass(entry: VersionEntry, spooled: Spooled): Promise<void> {
    const promised = sha512Of(entry.integrity);
    if (promised !== undefined && promised !== spooled.sha512)
      throw new GatewayAnswer(
        502,
        `${entry.name}@${entry.version} is not what the registry's document promises`,
      );
    const outcome = await this.verdictOn(spooled, entry);
    if (!outcome.accepted) throw refusalOf(outcome);
  }

  /** The verdict on a file that is there, remembered or new. @throws GatewayAnswer where there is none. */
  async verdictOn(
    { path, bytes, sha512 }: Spooled,
    { name, version }: Pick<VersionEntry, 'name' | 'version'>,
  ): Promise<Outcome> {
    const { verdicts, metrics, threads, policy } = this.#parts;
    const known = await verdicts.find(sha512, { name, version });
    if (known !== undefined) return known;
    const share = this.#inspected.share();
    await share.take(bytes);
    const ended = metrics.seconds.startTimer();
    try {
      const verdict = await threads.inspectFile(path, { policy, expected: { name, version } });
      if (verdict.archive.sha512 !== sha512) throw new Error('the file changed');
      metrics.inspected.inc({ result: verdict.status });
      return await verdicts.add(verdict, { name, version });
    } catch (cause) {
      metrics.notInspected.inc({ reason: 'crashed' });
      throw new GatewayAnswer(502, `${name}@${version} could not be inspected`, { cause });
    } finally {
      ended();
      share.release();
    }
  }
}

export function refusalOf({ reason = 'it is rejected' }: Outcome): Refusal {
  return new Refusal(`tarwarden: ${reason}`);
}

/** What the registry says of who asks, and of what is not there, is the client's to know; anything else is a failure. */
export function passedStatus(status: number): GatewayAnswer {
  const passed = [401, 403, 404, 410, 429, 451].includes(status) ? status : 502;
  return new GatewayAnswer(passed, `the registry answers ${status} for this tarball`);
}
