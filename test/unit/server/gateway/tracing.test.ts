/* Spans of a request, as a process with an SDK of OpenTelemetry gets them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { TrustedProxies } from '../../../../packages/server/src/gateway/client.ts';
import { clean, listening, startGateway, type Testing } from './support.ts';

interface Ended {
  readonly name: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly trace: string;
  readonly attributes: Record<string, unknown>;
}

const ended: Ended[] = [];
let spans = 0;

/** The parts of an SDK that the gateway needs: spans that are recorded, the current context, and one header. */
function register(): void {
  const storage = new AsyncLocalStorage<Context>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.call(self!, ...args)),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
  const startSpan: Tracer['startSpan'] = (name, _, above = context.active()) => {
    const parent = trace.getSpanContext(above);
    const own: SpanContext = {
      traceId: parent?.traceId ?? 'f'.repeat(32),
      spanId: (spans += 1).toString(16).padStart(16, '0'),
      traceFlags: 1,
    };
    const attributes: Record<string, unknown> = {};
    const span = {
      spanContext: () => own,
      isRecording: () => true,
      setAttribute: (key: string, value: unknown) => ((attributes[key] = value), span),
      setAttributes: (more: object) => (Object.assign(attributes, more), span),
      setStatus: () => span,
      end: () =>
        void ended.push({
          name,
          id: own.spanId,
          parent: parent?.spanId,
          trace: own.traceId,
          attributes,
        }),
    } as unknown as Span;
    return span;
  };
  const startActiveSpan = (name: string, work: (span: Span) => unknown): unknown => {
    const span = startSpan(name);
    return context.with(trace.setSpan(context.active(), span), () => work(span));
  };
  const tracer = { startSpan, startActiveSpan } as unknown as Tracer;
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  propagation.setGlobalPropagator({
    inject(active, carrier, setter) {
      const own = trace.getSpanContext(active)!;
      setter.set(carrier, 'traceparent', `00-${own.traceId}-${own.spanId}-01`);
      setter.set(carrier, 'baggage', 'secret=1');
    },
    extract(active, carrier, getter) {
      const [, traceId, spanId] = String(getter.get(carrier, 'traceparent')).split('-');
      if (traceId === undefined || spanId === undefined) return active;
      return trace.setSpanContext(active, { traceId, spanId, traceFlags: 1 });
    },
    fields: () => ['traceparent'],
  });
}

let address: string;
let testing: Testing;
let seen: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
beforeAll(register);
afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});
beforeEach(async () => {
  ended.length = 0;
  seen = [];
  ({ address } = await listening((request, response) => {
    seen.push({ url: request.url!, headers: request.headers });
    if (request.url !== '/clean') return void response.end(clean);
    const dist = { tarball: `${address}/clean/-/clean-1.0.0.tgz` };
    const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
    return void response.end(JSON.stringify({ name: 'clean', versions }));
  }));
});

const headers = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };

it('a request has spans for its document, download and inspection, below that of a trusted proxy', async () => {
  testing = await startGateway(address, { trustedProxies: new TrustedProxies(['127.0.0.1']) });
  expect((await testing.ask('/clean/-/clean-1.0.0.tgz', { headers })).status).toBe(200);
  await expect.poll(() => ended.map(({ name }) => name)).toContain('tarwarden.request');
  const request = ended.find(({ name }) => name === 'tarwarden.request')!;
  expect(request).toMatchObject({
    parent: 'b'.repeat(16),
    trace: 'a'.repeat(32),
    attributes: {
      'tarwarden.kind': 'archive',
      'tarwarden.outcome': 'accepted',
      'http.response.status_code': 200,
    },
  });
  for (const name of ['document', 'download', 'inspect'])
    expect(ended.find((span) => span.name === `tarwarden.${name}`)).toMatchObject({
      parent: request.id,
      trace: request.trace,
    });
  // The registry learns the trace, and nothing else.
  const [asked] = seen;
  expect(asked!.headers['traceparent']).toContain('a'.repeat(32));
  expect(asked!.headers['baggage']).toBeUndefined();
  expect(JSON.stringify(ended)).not.toContain('clean');
});

it('a client that is not trusted names no trace', async () => {
  testing = await startGateway(address);
  expect((await testing.ask('/clean', { headers })).status).toBe(200);
  await expect.poll(() => ended.length).toBe(2);
  expect(new Set(ended.map((span) => span.trace))).toEqual(new Set(['f'.repeat(32)]));
});
