/* Metrics for Prometheus. No label contains a package name: their number has no bound, and they would show who installs what. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly inspected: Counter<'result'>;
  readonly seconds: Histogram;
  readonly lookups: Counter<'source' | 'outcome'>;
  readonly bytesHeld: Gauge;
  readonly flights: Gauge;
  readonly notInspected: Counter<'reason'>;
  readonly refused: Counter<'on'>;
  readonly mismatches: Counter<'kind'>;
  readonly requests: Counter<'registry' | 'kind' | 'outcome'>;
  readonly requestSeconds: Histogram<'kind'>;
  readonly firstByteSeconds: Histogram<'kind'>;
  readonly sentBytes: Counter<'kind'>;
  readonly openRequests: Gauge;
  readonly connections: Gauge;
  readonly waits: WaitingLines;
  readonly cache: Counter<'kind' | 'outcome'>;
}

/** Lines in which requests wait, by what they wait for. They are read for each scrape, and forgotten with their registries. */
export class WaitingLines {
  readonly #lines = new Map<string, Set<WeakRef<WaitingLine>>>();

  add(name: string, line: WaitingLine): void {
    const lines = this.#lines.get(name) ?? new Set();
    this.#lines.set(name, lines.add(new WeakRef(line)));
  }

  /** The number of requests that wait, by what they wait for. */
  *counts(): Generator<readonly [name: string, count: number]> {
    for (const [name, lines] of this.#lines) {
      let count = 0;
      for (const reference of lines) {
        const line = reference.deref();
        if (line === undefined) lines.delete(reference);
        else count += line.waiting;
      }
      yield [name, count];
    }
  }
}

interface WaitingLine {
  readonly waiting: number;
}

/** Seconds. Warm archives take less than the first, and downloads of large ones more than the last but one. */
const LATENCIES = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const waits = new WaitingLines();
  new Gauge({
    name: 'tarwarden_waiting',
    help: 'Requests that wait for their turn, by what they wait for.',
    labelNames: ['for'],
    registers,
    collect() {
      for (const [name, count] of waits.counts()) this.set({ for: name }, count);
    },
  });
  return {
    registry,
    inspected: new Counter({
      name: 'tarwarden_inspected_total',
      help: 'Archives that were inspected, by verdict.',
      labelNames: ['result'],
      registers,
    }),
    seconds: new Histogram({
      name: 'tarwarden_inspect_seconds',
      help: 'Time from asking a thread to its verdict.',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    lookups: new Counter({
      name: 'tarwarden_verdict_lookups_total',
      help: 'Verdicts that were looked for, by where and whether there was one.',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    bytesHeld: new Gauge({
      name: 'tarwarden_bytes_held',
      help: 'Bytes of what waits for its verdict and what clients still read, in memory and in files.',
      registers,
    }),
    flights: new Gauge({
      name: 'tarwarden_flights',
      help: 'Downloads without a verdict that are under way.',
      registers,
    }),
    notInspected: new Counter({
      name: 'tarwarden_not_inspected_total',
      help: 'Archives whose inspection failed (crashed), and answers 5xx for that or another reason (failed).',
      labelNames: ['reason'],
      registers,
    }),
    refused: new Counter({
      name: 'tarwarden_refused_total',
      help: 'Requests that were answered with a refusal: downloads and publications.',
      labelNames: ['on'],
      registers,
    }),
    mismatches: new Counter({
      name: 'tarwarden_mismatches_total',
      help: 'Archives whose bytes are not those that the registry promised (promised), or that it sent before (changed).',
      labelNames: ['kind'],
      registers,
    }),
    requests: new Counter({
      name: 'tarwarden_requests_total',
      help: 'Requests that ended, by registry, kind and outcome.',
      labelNames: ['registry', 'kind', 'outcome'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'tarwarden_request_seconds',
      help: 'Time from the start of a request to the end of its answer.',
      labelNames: ['kind'],
      buckets: LATENCIES,
      registers,
    }),
    firstByteSeconds: new Histogram({
      name: 'tarwarden_first_byte_seconds',
      help: 'Time from the start of a request to the first byte of its answer.',
      labelNames: ['kind'],
      buckets: LATENCIES,
      registers,
    }),
    sentBytes: new Counter({
      name: 'tarwarden_sent_bytes_total',
      help: 'Bytes that were sent to clients, with the headers of answers.',
      labelNames: ['kind'],
      registers,
    }),
    openRequests: new Gauge({
      name: 'tarwarden_requests_open',
      help: 'Requests that are under way.',
      registers,
    }),
    connections: new Gauge({
      name: 'tarwarden_connections',
      help: 'Open connections of clients.',
      registers,
    }),
    waits,
    cache: new Counter({
      name: 'tarwarden_cache_total',
      help: 'Archives and documents, by what the cache had: nothing (miss), a copy (hit, memory), one that the registry confirmed (confirmed), one served because the registry gave no answer (stale), or a damaged one (broken).',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
  };
}
