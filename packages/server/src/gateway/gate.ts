/*
 * The gate lets an archive pass only with a verdict that accepts it. It does not know registries: a face passes a source and the
 * promised digests, and gets the bytes or a refusal. Requests for the same archive by the same reader share one download. The
 * number of downloads is bounded, and large archives wait in files.
 */
import { Readable } from 'node:stream';
import type { Policy } from '@tarwarden/core';
import { contactLine } from '@tarwarden/guard';
import { Turns, type Ticket } from '../serving/turns.ts';
import { GatewayAnswer, GatewayRefusal, tooMany } from './answers.ts';
import { promisedDigest } from './cache/archive-cache.ts';
import { ArchiveSource } from './cache/archive-source.ts';
import { Flights } from './flights.ts';
import { InspectionTurns } from './inspection-turns.ts';
import { inspectedBy, type GateParts, type HotArchive, type Landed } from './gate-parts.ts';
import { Mismatches, type MismatchSource } from './mismatches.ts';
import type { Spooled } from './spool.ts';
import { spanned } from './tracing.ts';
import type { VerdictOutcome } from './verdict-outcome.ts';
import {
  expectedArchive,
  flightKey,
  archiveLabel,
  type ArchiveIdentity,
  type WordsBesideWheel,
  type Promised,
  type WantedArchive,
} from './wanted.ts';

/** The most downloads at once, half of them for one client: of archives without a verdict, and of archives with one, which need no inspection. */
const FLIGHTS_MAX = 24;
const KNOWN_FLIGHTS_MAX = 64;
/** The most requests that wait for a download, half of them of one client; further ones get a 503. */
const WAITING_MAX = 5_000;
/** Milliseconds for a whole download. */
const DOWNLOAD_TIME = 10 * 60_000;

const HIT_IN_CACHE = { kind: 'archive', outcome: 'memory' } as const;
const HIT_IN_MEMORY = { source: 'memory', outcome: 'hit' } as const;

export class Gate {
  readonly #parts: GateParts;
  readonly #flights: Flights<Spooled>;
  readonly #inspections = new InspectionTurns();
  readonly #turns = new Turns({ places: FLIGHTS_MAX, waitingMax: WAITING_MAX, tooMany });
  #under: Policy | undefined;
  #periods = 0;
  readonly #knownTurns = new Turns({ places: KNOWN_FLIGHTS_MAX, waitingMax: WAITING_MAX, tooMany });
  readonly #mismatches: Mismatches;
  readonly #source: ArchiveSource;

  constructor(parts: GateParts) {
    this.#parts = parts;
    const { spool, metrics, cache, onDamaged } = parts;
    this.#source = new ArchiveSource({ spool, metrics, cache, onDamaged });
    this.#mismatches = new Mismatches(parts);
    const { waits } = parts.metrics;
    waits.add('download', this.#turns);
    waits.add('download', this.#knownTurns);
    waits.add('inspection', this.#inspections);
    this.#flights = new Flights<Spooled>(
      (spooled) => void spool.drop(spooled),
      // A client that reads slowly uses its own part, and not that of the client that asked first.
      (spooled, client) => spool.move(spooled, client),
    );
  }

  /** The verdict for the promised digests, if it is in memory. */
  knownNow(promised: Promised, identity: ArchiveIdentity): VerdictOutcome | undefined {
    const { verdicts, metrics } = this.#parts;
    const sha512 = verdicts.sha512Of(promised);
    const found = sha512 === undefined ? undefined : verdicts.inMemory(sha512, identity);
    if (found !== undefined) metrics.lookups.inc(HIT_IN_MEMORY);
    this.announce(found);
    return found;
  }

  /** The verdict for the promised digests, wherever it is kept. */
  known(promised: Promised, identity: ArchiveIdentity): VerdictOutcome | undefined {
    const { metrics, verdicts } = this.#parts;
    const sha512 = verdicts.sha512Of(promised);
    if (sha512 === undefined) return undefined;
    const found = verdicts.find(sha512, identity);
    metrics.lookups.inc({ source: 'store', outcome: found === undefined ? 'miss' : 'hit' });
    this.announce(found);
    return found;
  }

  /**
   * Compares an archive that has landed with the words of an index about it.
   * @throws GatewayRefusal if they contradict each other, GatewayAnswer if they cannot be compared.
   */
  async compare(sha512: string, identity: ArchiveIdentity, words: WordsBesideWheel): Promise<void> {
    const { verdicts } = this.#parts;
    const { document, claims } = words;
    const known = verdicts.find(sha512, identity);
    if (document !== undefined && document === known?.document) return;
    const outcome = verdicts.findWith(sha512, identity, await claims());
    if (outcome?.accepted === false) throw this.refusalOf(outcome);
    if (outcome === undefined)
      throw new GatewayAnswer(502, `${archiveLabel(identity)} cannot be compared with its index`);
    this.announce(outcome);
  }

  /** The answer for a client that does not get an archive. */
  refusalOf({ reason = 'it is rejected' }: VerdictOutcome): GatewayRefusal {
    const { contact } = this.#parts.verdicts.policy;
    const end = contact === undefined ? '' : `\n${contactLine(contact)}`;
    return new GatewayRefusal(`tarwarden: ${reason}${end}`);
  }

  /** Reports the exceptions that let an archive pass. */
  announce(outcome: VerdictOutcome | undefined): void {
    for (const line of outcome?.exceptions ?? []) this.#parts.onException?.(line);
  }

  /**
   * Downloads an archive whole, and inspects it unless its bytes have a verdict. Requests with the same key share one download,
   * which is aborted when all of them are gone.
   * @param isKnown Whether the promised bytes have an accepting verdict.
   * @throws GatewayRefusal for a rejected archive, GatewayAnswer if it cannot be downloaded or inspected.
   */
  async land(wanted: WantedArchive, gone?: AbortSignal, isKnown = false): Promise<Landed> {
    const hot = isKnown ? this.hot(wanted) : undefined;
    if (hot !== undefined) {
      if (gone?.aborted === true) hot.release();
      else gone?.addEventListener('abort', hot.release, { once: true });
      return hot;
    }
    const { client } = wanted;
    const flight = flightKey(wanted);
    const source = { key: flight, identity: wanted.identity, location: wanted.location };
    const turns = isKnown ? this.#knownTurns : this.#turns;
    const start = async (abort: AbortController, ticket: Ticket): Promise<Spooled> =>
      turns.run(() => this.#measured(abort, (signal) => this.#accepted(wanted, source, signal)), {
        client,
        ticket,
        gone: abort.signal,
      });
    const key = `${this.#period} ${flight}`;
    const { result, release } = await this.#flights.join(key, start, { gone, client });
    const { bytes, sha512, at, isCopy } = result;
    const content = typeof at === 'string' ? undefined : at;
    const read = (): Readable => this.#parts.spool.read(result);
    return { bytes, sha512, content, isCopy, read, release };
  }

  /** An archive that is in memory. Its bytes were hashed when they came, and the caller has their accepting verdict. */
  hot({
    registry,
    location,
    identity,
    promised,
  }: Pick<WantedArchive, 'registry' | 'location' | 'identity' | 'promised'>):
    | HotArchive
    | undefined {
    const { cache, metrics, verdicts } = this.#parts;
    const sha512 = verdicts.sha512Of(promised);
    const digest = promisedDigest(promised);
    if (cache === undefined || sha512 === undefined || digest === undefined) return undefined;
    const hot = cache.archives.hot({ registry: registry.address, location, identity, digest });
    if (hot === undefined) return undefined;
    metrics.cache.inc(HIT_IN_CACHE);
    const { content, release } = hot;
    return {
      bytes: content.length,
      sha512,
      content,
      isCopy: true,
      read: () => Readable.from([content]),
      release,
    };
  }

  /** A number that changes with the policy, so that an archive accepted under an old policy is not shared with new requests. */
  get #period(): number {
    const { policy } = this.#parts.verdicts;
    if (policy !== this.#under) this.#periods += 1;
    this.#under = policy;
    return this.#periods;
  }

  /** One download, from its first byte to its verdict. Its bytes are dropped unless they are the promised ones and accepted. */
  async #accepted(
    wanted: WantedArchive,
    source: MismatchSource,
    signal: AbortSignal,
  ): Promise<Spooled> {
    const { verdicts, spool } = this.#parts;
    const { identity, promised } = wanted;
    const check = (): void => this.#mismatches.check(source);
    const { spooled, keep } = await spanned('download', async () =>
      this.#source.take(wanted, { signal, check }),
    );
    try {
      if (!isPromised(spooled, promised)) throw this.#mismatches.promised(source);
      const sha512 = verdicts.sha512Of(promised);
      const wasKnown = sha512 !== undefined && verdicts.inMemory(sha512, identity) !== undefined;
      const outcome = await this.verdictOn(spooled, identity, wanted.client);
      if (!outcome.accepted) throw this.refusalOf(outcome);
      // A verdict that was known by the promised digest was announced before the download.
      if (!wasKnown) this.announce(outcome);
      this.#mismatches.accepted(source, spooled.sha512);
      await keep();
      return spooled;
    } catch (error) {
      await spool.drop(spooled);
      throw error;
    }
  }

  async #measured<T>(
    abort: AbortController,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    abort.signal.throwIfAborted();
    const { flights } = this.#parts.metrics;
    flights.inc();
    const late = setTimeout(() => abort.abort(), DOWNLOAD_TIME).unref();
    try {
      return await work(abort.signal);
    } finally {
      clearTimeout(late);
      flights.dec();
    }
  }

  /** The verdict for downloaded bytes, remembered or new. @throws GatewayAnswer if there is none. */
  async verdictOn(
    spooled: Spooled,
    identity: ArchiveIdentity,
    client?: string,
  ): Promise<VerdictOutcome> {
    const { verdicts } = this.#parts;
    const { policy } = verdicts;
    const { sha512, sha256 } = spooled;
    if (sha256 !== undefined) verdicts.link(sha256, sha512);
    const known = verdicts.find(sha512, identity);
    if (known !== undefined) return known;
    const { bytes } = spooled;
    const added = await this.#inspections.run({ bytes, client }, async () =>
      this.#inspect(spooled, identity, policy),
    );
    // If the policy or the day has changed meanwhile, decide again under the current policy.
    return added ?? this.verdictOn(spooled, identity, client);
  }

  async #inspect(
    spooled: Spooled,
    identity: ArchiveIdentity,
    policy: Policy,
  ): Promise<VerdictOutcome | undefined> {
    const { verdicts, metrics, threads } = this.#parts;
    const ended = metrics.seconds.startTimer();
    try {
      const options = {
        policy: policyFor(policy, spooled.sha512),
        expected: expectedArchive(identity),
        format: identity.format,
      };
      const verdict = await spanned('inspect', async () => inspectedBy(threads, spooled, options));
      if (verdict.archive.sha512 !== spooled.sha512) throw new Error('the file changed');
      metrics.inspected.inc({ result: verdict.status });
      return verdicts.add(verdict, identity, policy);
    } catch (cause) {
      metrics.notInspected.inc({ reason: 'crashed' });
      throw new GatewayAnswer(502, `${archiveLabel(identity)} could not be inspected`, { cause });
    } finally {
      ended();
    }
  }
}

function isPromised(spooled: Spooled, { sha512, sha256 }: Promised): boolean {
  if (sha512 !== undefined && sha512 !== spooled.sha512) return false;
  return sha256 === undefined || sha256 === spooled.sha256;
}

/** A thread gets only the exceptions for its archive: with all of them, each message to it would be long. */
function policyFor(policy: Policy, sha512: string): Policy {
  if (policy.exceptions.length === 0) return policy;
  const exceptions = policy.exceptions.filter((exception) => exception.sha512 === sha512);
  return { ...policy, exceptions };
}
