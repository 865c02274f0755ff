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
  readonly cache: Counter<'kind' | 'outcome'>;
}

export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
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
    cache: new Counter({
      name: 'tarwarden_cache_total',
      help: 'Archives and documents, by what the cache had: nothing (miss), a copy (hit, memory), one that the registry confirmed (confirmed), one served because the registry gave no answer (stale), or a damaged one (broken).',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
  };
}
