/*
 * The gate: a tarball passes with a verdict that accepts, or not at all. One flight for each tarball and whoever may have it; what is
 * under way is bounded in number, and lies in files.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Policy, Verdict } from '@tarwarden/core';
import { ByteBudget, sha512Of } from '@tarwarden/host';
import { trace } from '@opentelemetry/api';
import { GatewayAnswer, Refusal } from './answers.ts';
import type { Metrics } from './metrics.ts';
import type { VersionEntry } from './package-index.ts';
import type { Spool, Spooled } from './spool.ts';
import type { Upstream } from './upstream.ts';
import type { Outcome, Verdicts } from './verdicts.ts';

/** Downloads without a verdict under way at once. Others wait their turn. */
const FLIGHTS_MAX = 12;
/** Requests that wait for one: more are told to come again. */
const WAITING_MAX = 5_000;
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
  release(): void;
}

interface Flight {
  readonly landed: Promise<Spooled>;
  users: number;
}

const tracer = trace.getTracer('tarwarden-gateway');

export class Gate {
  readonly #parts: GateParts;
  readonly #flights = new Map<string, Flight>();
  readonly #inspected = new ByteBudget(INSPECTED_MAX);
  readonly #turn: (() => void)[] = [];
  #flying = 0;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** What is known of a version by the integrity that its document has. */
  async known(entry: VersionEntry): Promise<Outcome | undefined> {
    const sha512 = sha512Of(entry.integrity);
    if (sha512 === undefined) return undefined;
    const { metrics, verdicts } = this.#parts;
    const inMemory = verdicts.inMemory(sha512, entry);
    const found = inMemory ?? (await verdicts.find(sha512, entry));
    const source = inMemory === undefined ? 'store' : 'memory';
    metrics.lookups.inc({ source, outcome: found === undefined ? 'miss' : 'hit' });
    return found;
  }

  /**
   * Fetches a tarball without a verdict, and inspects it. All who ask for it with the same rights have it of one download.
   * @throws Refusal for one that is rejected, GatewayAnswer for one that cannot be had or inspected.
   */
  async land(entry: VersionEntry, headers: IncomingHttpHeaders): Promise<Landed> {
    const key = flightName(entry, headers);
    let flight = this.#flights.get(key);
    if (flight === undefined) {
      flight = { landed: this.#fly(entry, headers), users: 0 };
      this.#flights.set(key, flight);
      flight.landed.catch(() => this.#flights.delete(key));
    }
    const own = flight;
    own.users += 1;
    const spooled = await own.landed;
    let released = false;
    return {
      spooled,
      release: () => {
        if (released) return;
        released = true;
        own.users -= 1;
        if (own.users > 0) return;
        if (this.#flights.get(key) === own) this.#flights.delete(key);
        void this.#parts.spool.drop(spooled);
      },
    };
  }

  async #fly(entry: VersionEntry, headers: IncomingHttpHeaders): Promise<Spooled> {
    await this.#myTurn();
    const { metrics } = this.#parts;
    metrics.flights.inc();
    try {
      return await tracer.startActiveSpan('tarwarden.inspect', async (span) => {
        try {
          return await this.#inspect(entry, headers);
        } finally {
          span.end();
        }
      });
    } finally {
      metrics.flights.dec();
      this.#flying -= 1;
      this.#turn.shift()?.();
    }
  }

  async #myTurn(): Promise<void> {
    if (this.#flying >= FLIGHTS_MAX) {
      if (this.#turn.length >= WAITING_MAX)
        throw new GatewayAnswer(503, 'too many tarballs wait to be inspected');
      await new Promise<void>((resolve) => this.#turn.push(resolve));
    }
    this.#flying += 1;
  }

  async #inspect(entry: VersionEntry, headers: IncomingHttpHeaders): Promise<Spooled> {
    const { upstream, spool, metrics } = this.#parts;
    const abort = new AbortController();
    const answer = await upstream.tarball(entry.tarball, headers, abort.signal);
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw passedStatus(answer.statusCode);
    }
    const announced = Number(answer.headers['content-length']);
    const spooled = await spool.take(
      answer.body,
      Number.isSafeInteger(announced) ? announced : undefined,
    );
    metrics.bytesHeld.inc(spooled.bytes);
    try {
      await this.#pass(entry, spooled);
      return spooled;
    } catch (error) {
      await spool.drop(spooled);
      throw error;
    } finally {
      metrics.bytesHeld.dec(spooled.bytes);
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

/** Who asks is part of it, hashed: the registry decides for each of them. */
function flightName(
  { tarball, name, version }: VersionEntry,
  { authorization = '' }: IncomingHttpHeaders,
): string {
  const who = createHash('sha256').update(authorization).digest('hex');
  return JSON.stringify([tarball, name, version, who]);
}
