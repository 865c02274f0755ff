/*
 * The gate: an archive passes with a verdict that accepts, or not at all. It knows no registry: a face gives it a source and what is
 * promised of the archive, and has bytes or a refusal. One flight for each archive and whoever may have it; what is under way is bounded
 * in number, and lies in files where it is more than some memory holds.
 */
import type { Readable } from 'node:stream';
import type { ExpectedPackage, Format, Policy, Verdict } from '@tarwarden/core';
import { ByteBudget, dropBody } from '@tarwarden/host';
import { trace } from '@opentelemetry/api';
import { GatewayAnswer, passedHeaders, GatewayRefusal } from './answers.ts';
import { Flights } from './flights.ts';
import type { Metrics } from './metrics.ts';
import { Mismatches, type Mismatch, type MismatchSource } from './mismatches.ts';
import type { Spool, Spooled } from './spool.ts';
import { Turns } from './turns.ts';
import type { VerdictOutcome, Verdicts } from './verdicts.ts';
import {
  expectedArchive,
  flightKey,
  archiveLabel,
  type ArchiveIdentity,
  type Opened,
  type Promised,
  type WantedArchive,
} from './wanted.ts';

/** Downloads under way at once: of archives without a verdict, and of those with one, which cost no inspection. Others wait their turn. */
const FLIGHTS_MAX = 12;
const KNOWN_FLIGHTS_MAX = 32;
/** Requests that wait for one: more are answered with 503. */
const WAITING_MAX = 5_000;
/** Milliseconds of a download, however steadily it trickles. */
const DOWNLOAD_TIME = 10 * 60_000;
/** Archives that are with the threads, in bytes: each thread reads its whole archive. */
const INSPECTED_MAX = 64 * 1024 * 1024;

export interface InspectsOptions {
  readonly policy: Policy;
  readonly expected: ExpectedPackage;
  /** A tarball of npm where it is absent. */
  readonly format?: Format;
}

export interface GateThreads {
  /** `sha512`: of these very bytes, which are copied. */
  inspect(bytes: Uint8Array, options: InspectsOptions & { sha512: string }): Promise<Verdict>;
  inspectFile(path: string, options: InspectsOptions): Promise<Verdict>;
}

export interface GateParts {
  readonly verdicts: Verdicts;
  readonly spool: Spool;
  readonly threads: GateThreads;
  readonly metrics: Metrics;
  /** Called with a line for each exception that lets an archive pass, each time. */
  readonly onException?: ((line: string) => void) | undefined;
  readonly onMismatch: (mismatch: Mismatch) => void;
}

/** An archive that was accepted. */
export interface Landed {
  readonly bytes: number;
  /** 128 lower-case hex digits. */
  readonly sha512: string;
  /** The bytes that were inspected, if they are in memory. They are shared: do not change them. */
  readonly content: Buffer | undefined;
  /** The same, as often as is needed, before the release. */
  readonly read: () => Readable;
  readonly release: () => void;
}

const HIT_IN_MEMORY = { source: 'memory', outcome: 'hit' } as const;

const tracer = trace.getTracer('tarwarden-gateway');

export class Gate {
  readonly #parts: GateParts;
  readonly #flights: Flights<Spooled>;
  readonly #inspected = new ByteBudget(INSPECTED_MAX);
  readonly #turns = new Turns(FLIGHTS_MAX, WAITING_MAX);
  #under: Policy | undefined;
  #periods = 0;
  readonly #knownTurns = new Turns(KNOWN_FLIGHTS_MAX, WAITING_MAX);
  readonly #mismatches: Mismatches;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#mismatches = new Mismatches(parts);
    this.#flights = new Flights((spooled) => void parts.spool.drop(spooled));
  }

  /** Looks up a verdict in memory, by the hash that is promised of an archive. */
  knownNow(promised: Promised, identity: ArchiveIdentity): VerdictOutcome | undefined {
    const { verdicts, metrics } = this.#parts;
    const sha512 = verdicts.sha512Of(promised);
    const found = sha512 === undefined ? undefined : verdicts.inMemory(sha512, identity);
    if (found !== undefined) metrics.lookups.inc(HIT_IN_MEMORY);
    this.announce(found);
    return found;
  }

  /** The same, wherever verdicts are kept. */
  async known(promised: Promised, identity: ArchiveIdentity): Promise<VerdictOutcome | undefined> {
    const { metrics, verdicts } = this.#parts;
    const sha512 = verdicts.sha512Of(promised);
    if (sha512 === undefined) return undefined;
    const found = await verdicts.find(sha512, identity);
    metrics.lookups.inc({ source: 'store', outcome: found === undefined ? 'miss' : 'hit' });
    this.announce(found);
    return found;
  }

  /** Says which exceptions let an archive pass. */
  announce(outcome: VerdictOutcome | undefined): void {
    for (const line of outcome?.exceptions ?? []) this.#parts.onException?.(line);
  }

  /**
   * Downloads an archive whole, and inspects it unless there is a verdict on the bytes that came. Requests with the same key share one
   * download, which ends when all of them are gone.
   * @param isKnown Whether there is an accepting verdict on the promised bytes.
   * @throws Refusal for one that is rejected, GatewayAnswer for one that cannot be had or inspected.
   */
  async land(wanted: WantedArchive, gone?: AbortSignal, isKnown = false): Promise<Landed> {
    const { spool } = this.#parts;
    const flight = flightKey(wanted);
    const key = `${this.#period} ${flight}`;
    const source = { key: flight, identity: wanted.identity, location: wanted.location };
    this.#mismatches.check(source);
    const turns = isKnown ? this.#knownTurns : this.#turns;
    const start = async (abort: AbortController): Promise<Spooled> =>
      turns.run(() => this.#fly(wanted, source, abort));
    const { result, release } = await this.#flights.join(key, start, gone);
    const { bytes, sha512, at } = result;
    const content = typeof at === 'string' ? undefined : at;
    return { bytes, sha512, content, read: () => spool.read(result), release };
  }

  /** Equal as long as one policy holds: what was accepted under another is not handed to who asks now. */
  get #period(): number {
    const { policy } = this.#parts.verdicts;
    if (policy !== this.#under) this.#periods += 1;
    this.#under = policy;
    return this.#periods;
  }

  async #fly(
    wanted: WantedArchive,
    source: MismatchSource,
    abort: AbortController,
  ): Promise<Spooled> {
    abort.signal.throwIfAborted();
    const { metrics } = this.#parts;
    metrics.flights.inc();
    const late = setTimeout(() => abort.abort(), DOWNLOAD_TIME).unref();
    try {
      return await tracer.startActiveSpan('tarwarden.inspect', async (span) => {
        try {
          return await this.#download(wanted, source, abort.signal);
        } finally {
          span.end();
        }
      });
    } finally {
      clearTimeout(late);
      metrics.flights.dec();
    }
  }

  async #download(
    wanted: WantedArchive,
    source: MismatchSource,
    signal: AbortSignal,
  ): Promise<Spooled> {
    const { spool } = this.#parts;
    const { statusCode, headers, body } = await wanted.open(signal);
    if (statusCode !== 200) {
      dropBody(body);
      throw passedStatus(statusCode, headers);
    }
    const { 'content-length': length } = headers;
    const spooled = await spool.take(body, {
      announced: typeof length === 'string' ? Number(length) : undefined,
      sha256: wanted.promised.sha256 !== undefined,
      bytesMax: wanted.bytesMax,
    });
    try {
      await this.#pass(wanted, source, spooled);
      return spooled;
    } catch (error) {
      await spool.drop(spooled);
      throw error;
    }
  }

  /** All bytes are there, and none was sent. Clients get them if they are the promised ones and accepted. */
  async #pass(
    { identity, promised }: WantedArchive,
    source: MismatchSource,
    spooled: Spooled,
  ): Promise<void> {
    if (!isPromised(spooled, promised)) throw this.#mismatches.promised(source);
    const { verdicts } = this.#parts;
    const sha512 = verdicts.sha512Of(promised);
    const wasKnown = sha512 !== undefined && verdicts.inMemory(sha512, identity) !== undefined;
    const outcome = await this.verdictOn(spooled, identity);
    if (!outcome.accepted) throw refusalOf(outcome);
    // By what was promised it was known before the download, and announced then.
    if (!wasKnown) this.announce(outcome);
    this.#mismatches.accepted(source, spooled.sha512);
  }

  /** The verdict on what is there, remembered or new. @throws GatewayAnswer where there is none. */
  async verdictOn(spooled: Spooled, identity: ArchiveIdentity): Promise<VerdictOutcome> {
    const { verdicts, metrics, threads } = this.#parts;
    const { policy } = verdicts;
    const { bytes, sha512, sha256 } = spooled;
    if (sha256 !== undefined) verdicts.link(sha256, sha512);
    const known = await verdicts.find(sha512, identity);
    if (known !== undefined) return known;
    const share = this.#inspected.share();
    await share.take(bytes);
    const ended = metrics.seconds.startTimer();
    let added: VerdictOutcome | undefined;
    try {
      const options = { policy, expected: expectedArchive(identity), format: identity.format };
      const verdict = await inspectedBy(threads, spooled, options);
      if (verdict.archive.sha512 !== sha512) throw new Error('the file changed');
      metrics.inspected.inc({ result: verdict.status });
      added = await verdicts.add(verdict, identity, policy);
    } catch (cause) {
      metrics.notInspected.inc({ reason: 'crashed' });
      throw new GatewayAnswer(502, `${archiveLabel(identity)} could not be inspected`, { cause });
    } finally {
      ended();
      share.release();
    }
    // The policy has changed meanwhile, or the day: what holds now decides.
    return added ?? this.verdictOn(spooled, identity);
  }
}

/** Bytes in memory are hashed once, here. */
export async function inspectedBy(
  threads: GateThreads,
  { at, sha512 }: Spooled,
  options: InspectsOptions,
): Promise<Verdict> {
  if (typeof at === 'string') return threads.inspectFile(at, options);
  return threads.inspect(at, { ...options, sha512 });
}

function isPromised(spooled: Spooled, { sha512, sha256 }: Promised): boolean {
  if (sha512 !== undefined && sha512 !== spooled.sha512) return false;
  return sha256 === undefined || sha256 === spooled.sha256;
}

export function refusalOf({ reason = 'it is rejected' }: VerdictOutcome): GatewayRefusal {
  return new GatewayRefusal(`tarwarden: ${reason}`);
}

/** The client gets the registry's answers about credentials and absent packages; anything else is a failure. */
export function passedStatus(status: number, headers: Opened['headers']): GatewayAnswer {
  const passed = [401, 403, 404, 410, 429, 451].includes(status) ? status : 502;
  return new GatewayAnswer(passed, `the registry answers ${status} for this archive`, {
    ...(passed === status && { headers: passedHeaders(headers) }),
  });
}
