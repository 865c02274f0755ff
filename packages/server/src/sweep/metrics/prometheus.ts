/*
 * Prometheus metrics of a process that sweeps. No label contains a package name, because the number of labels would grow without bound.
 */
import { createServer, type Server } from 'node:http';
import { inTime, oneAtATime } from '@tarwarden/host';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FailureKind } from '../failure.ts';
import { isLoopbackHost } from '../http/own-host.ts';
import type { TaskQueue } from '../queue.ts';
import type { Meter } from './meter.ts';

/** Milliseconds for the queue to report its size. */
const QUEUE_LIMIT = 3_000;
const CONNECTIONS_MAX = 20;
/** Milliseconds for a request to arrive. */
const REQUEST_LIMIT = 10_000;
/** Statuses with a label of their own. Others are counted by their first digit, because a registry may send any number. */
const STATUSES: ReadonlySet<number> = new Set([
  200, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 429, 451, 500, 502, 503, 504,
]);

export class PrometheusMeter implements Meter {
  readonly #registry: Registry;
  readonly #inspected: Counter<'result'>;
  readonly #bytes: Counter;
  readonly #seconds: Histogram;
  readonly #notInspected: Counter<'reason'>;
  readonly #answers: Counter<'status'>;
  readonly #stalled: Counter;
  readonly #tasks: Gauge<'state'>;
  readonly #queueUp: Gauge;
  readonly #queue: Pick<TaskQueue, 'states'>;

  constructor(queue: Pick<TaskQueue, 'states'>) {
    this.#queue = queue;
    this.#registry = new Registry();
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#inspected = new Counter({
      name: 'tarwarden_sweep_inspected_total',
      help: 'Archives that were inspected, by verdict.',
      labelNames: ['result'],
      registers,
    });
    this.#bytes = new Counter({
      name: 'tarwarden_sweep_inspected_bytes_total',
      help: 'Bytes of the archives that were inspected, as they were downloaded.',
      registers,
    });
    this.#seconds = new Histogram({
      name: 'tarwarden_sweep_inspect_seconds',
      help: 'Time from asking for an archive to its verdict.',
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    });
    this.#notInspected = new Counter({
      name: 'tarwarden_sweep_not_inspected_total',
      help: 'Archives and packages that were given up, by what went wrong.',
      labelNames: ['reason'],
      registers,
    });
    this.#answers = new Counter({
      name: 'tarwarden_sweep_upstream_requests_total',
      help: 'Requests to the registry, by the status of the answer.',
      labelNames: ['status'],
      registers,
    });
    this.#stalled = new Counter({
      name: 'tarwarden_sweep_stalled_tasks_total',
      help: 'Tasks that this process found left by a worker that is gone.',
      registers,
    });
    this.#tasks = new Gauge({
      name: 'tarwarden_sweep_queue_tasks',
      help: 'Tasks in the queue, by state.',
      labelNames: ['state'],
      registers,
    });
    this.#queueUp = new Gauge({
      name: 'tarwarden_sweep_queue_up',
      help: 'Whether the queue answered.',
      registers,
    });
  }

  inspected(result: 'accept' | 'reject', bytes: number, seconds: number): void {
    this.#inspected.inc({ result });
    this.#bytes.inc(bytes);
    this.#seconds.observe(seconds);
  }

  notInspected(reason: FailureKind): void {
    this.#notInspected.inc({ reason });
  }

  answered(status: number | undefined): void {
    this.#answers.inc({ status: statusLabel(status) });
  }

  stalled(): void {
    this.#stalled.inc();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' format. */
  async text(): Promise<string> {
    try {
      const asked = this.#queue.states();
      const states = await inTime(QUEUE_LIMIT, asked, 'the queue does not answer');
      for (const [state, count] of Object.entries(states)) this.#tasks.set({ state }, count);
      this.#queueUp.set(1);
    } catch {
      // The last values would hide that the queue does not answer.
      this.#tasks.reset();
      this.#queueUp.set(0);
    }
    return this.#registry.metrics();
  }
}

function statusLabel(status: number | undefined): string {
  if (status === undefined) return 'none';
  return STATUSES.has(status) ? String(status) : `${Math.floor(status / 100)}xx`;
}

/**
 * Serves `/metrics`.
 * @param isLoopback Whether to serve only this machine, and to refuse other host names that lead to it.
 */
export function metricsServer(
  meter: Pick<PrometheusMeter, 'contentType' | 'text'>,
  isLoopback: boolean,
): Server {
  const limits = { requestTimeout: REQUEST_LIMIT, headersTimeout: REQUEST_LIMIT };
  const listener = oneAtATime(({ method, url, headers }, response) => {
    const isFine = !isLoopback || isLoopbackHost(headers.host);
    if (!isFine || url !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(isFine ? 404 : 421).end();
      return;
    }
    void meter.text().then(
      (text) => response.writeHead(200, { 'content-type': meter.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const server = createServer(limits, listener);
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}
