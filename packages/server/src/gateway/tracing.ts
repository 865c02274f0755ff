/* Spans for OpenTelemetry. Without an SDK in the process, they cost almost nothing and go nowhere. */
import type { IncomingHttpHeaders } from 'node:http';
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';

const tracer = trace.getTracer('tarwarden-gateway');
/** Headers that name the span of a request (https://www.w3.org/TR/trace-context/). */
const TRACE_HEADERS = ['traceparent', 'tracestate'] as const;
const TRACE_PARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;

/** Runs work in a span below the current one. */
export async function spanned<Result>(
  name: 'document' | 'download' | 'inspect',
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(`tarwarden.${name}`, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

export interface RequestSpan {
  readonly span: Span;
  readonly context: Context;
}

/** @param headers The headers of a trusted proxy, which may name a span above. */
export function requestSpan(headers: IncomingHttpHeaders | undefined): RequestSpan {
  const above = context.active();
  const parent = headers === undefined ? above : propagation.extract(above, headers);
  const span = tracer.startSpan('tarwarden.request', { kind: SpanKind.SERVER }, parent);
  return { span, context: trace.setSpan(parent, span) };
}

/** Headers that tell the registry of the current span, if it is recorded. */
export function traceHeaders(): Readonly<Record<string, string>> {
  if (trace.getActiveSpan()?.isRecording() !== true) return {};
  const all: Record<string, string> = {};
  propagation.inject(context.active(), all);
  return Object.fromEntries(
    TRACE_HEADERS.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
}

/** The trace that a header names, for the log. */
export function traceIdIn({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.[1] : undefined;
}
