/* Follows each request from its start to its end: its client and id, the access log, the metrics, and the span. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { context, type Span } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { addressClient } from '../serving/client-name.ts';
import type { Face } from './face.ts';
import { userClient, type TrustedProxies } from './client.ts';
import type { Metrics } from './metrics.ts';
import { keepRecord, type RequestOutcome, type RequestRecord } from './request-record.ts';
import { requestFacts, type RequestFacts } from './request-facts.ts';
import { requestSpan, traceIdIn } from './tracing.ts';
import type { Users } from './users.ts';

/** Request ids of proxies that are kept. */
const REQUEST_ID = /^[\w.:/=+-]{1,128}$/;
/** The most lines of the access log that wait for the name of their user. Further lines do without. */
const WAITING_LINES_MAX = 1_000;

export interface TrafficParts {
  /** Undefined: no access log. */
  readonly accessLog: Logger | undefined;
  readonly metrics: Metrics;
  readonly proxies: TrustedProxies;
}

/** The registry of a request, as its log needs it. */
interface AskedRegistry {
  /** The name in the log and the metrics. */
  readonly name: string;
  /** Undefined if the registry cannot say who its users are. */
  readonly users: Users | undefined;
  readonly face: Pick<Face, 'loggable'>;
}

export interface FollowedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Undefined for the gateway's own pages, and if no registry has the address. */
  readonly registry: AskedRegistry | undefined;
}

interface Open {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly registry: string;
  readonly record: RequestRecord;
  readonly facts: RequestFacts;
  readonly user: string | Promise<string | undefined> | undefined;
  readonly trace: string | undefined;
  readonly span: Span;
  readonly startedAt: number;
  /** Node takes it away from a request that has ended early. */
  readonly socket: Socket;
  readonly bytesBefore: number;
  firstByteAt: number | undefined;
  /** Aborted when the client goes away without its answer. Only a question about the user needs it. */
  readonly gone: AbortController | undefined;
}

export class Traffic {
  readonly #parts: TrafficParts;
  #waitingLines = 0;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
  }

  /** Begins the record of a request, and runs the work that answers it. */
  follow({ request, response, registry }: FollowedRequest, work: () => void): void {
    const { proxies, metrics } = this.#parts;
    const users = registry?.users;
    const name = registry?.name ?? 'none';
    const loggable = registry?.face.loggable(request.url ?? '/') ?? { kind: 'own' };
    const { headers, socket } = request;
    const isTrusted = proxies.trusts(socket);
    const { span, context: inside } = requestSpan(isTrusted ? headers : undefined);
    const address = proxies.addressOf(request);
    const known = users?.known(headers);
    const client = known === undefined ? addressClient(address) : userClient(name, known);
    const { 'x-request-id': given } = headers;
    const isKept = isTrusted && typeof given === 'string' && REQUEST_ID.test(given);
    const record: RequestRecord = { id: isKept ? given : randomUUID(), client, address };
    keepRecord(request, record);
    const isAsked =
      known === undefined && users !== undefined && headers.authorization !== undefined;
    const gone = isAsked ? new AbortController() : undefined;
    const open: Open = {
      request,
      response,
      registry: name,
      record,
      facts: requestFacts(loggable, request.method),
      user: gone === undefined ? known : users?.ask(headers, client, { gone: gone.signal }),
      trace: isTrusted ? traceIdIn(headers) : undefined,
      span,
      startedAt: performance.now(),
      socket,
      bytesBefore: socket.bytesWritten,
      firstByteAt: undefined,
      gone,
    };
    response.setHeader('x-request-id', record.id);
    // The body of a request that only reads is not read: close the connection, so that nobody sends it without an end.
    if (isBodyUnread(request)) response.setHeader('connection', 'close');
    noteFirstByte(open);
    metrics.openRequests.inc();
    response.once('close', () => this.#end(open));
    context.with(inside, work);
  }

  #end(open: Open): void {
    const { metrics } = this.#parts;
    const { request, response, registry, record, facts, span, startedAt, firstByteAt } = open;
    const now = performance.now();
    const outcome = outcomeOf(open);
    if (outcome === 'aborted') open.gone?.abort();
    const bytes = Math.max(0, open.socket.bytesWritten - open.bytesBefore);
    const { kind } = facts;
    metrics.openRequests.dec();
    metrics.requests.inc({ registry, kind, outcome });
    metrics.requestSeconds.observe({ kind }, (now - startedAt) / 1_000);
    if (firstByteAt !== undefined)
      metrics.firstByteSeconds.observe({ kind }, (firstByteAt - startedAt) / 1_000);
    metrics.sentBytes.inc({ kind }, bytes);
    span.setAttributes({ 'tarwarden.kind': kind, 'tarwarden.outcome': outcome });
    if (response.headersSent) span.setAttribute('http.response.status_code', response.statusCode);
    span.end();
    const { accessLog } = this.#parts;
    // Probes and scrapes come every few seconds.
    const level = kind === 'own' ? 'debug' : 'info';
    if (accessLog?.isLevelEnabled(level) !== true) return;
    const line = {
      id: record.id,
      ...(open.trace !== undefined && { trace: open.trace }),
      client: record.address,
      registry,
      method: request.method,
      ...facts,
      outcome,
      ...(response.headersSent && { status: response.statusCode }),
      bytes,
      ms: Math.round((now - startedAt) * 10) / 10,
      ...(record.cause !== undefined && { cause: record.cause }),
    };
    this.#withUser(open.user, (user) =>
      accessLog[level](user === undefined ? line : { ...line, user }),
    );
  }

  /** Writes a line when the registry has named the user. The client has its answer already. */
  #withUser(user: Open['user'], write: (user: string | undefined) => void): void {
    if (!(user instanceof Promise)) return write(user);
    if (this.#waitingLines >= WAITING_LINES_MAX) return write(undefined);
    this.#waitingLines += 1;
    void user.then((name) => {
      this.#waitingLines -= 1;
      write(name);
    });
  }
}

function outcomeOf({ response, record, facts }: Open): RequestOutcome {
  const { statusCode: status } = response;
  if (!response.writableFinished) return 'aborted';
  if (status >= 500) return 'error';
  if (record.outcome === 'refused') return 'refused';
  if (status >= 400) return 'denied';
  if (status === 304) return 'not-modified';
  const { kind } = facts;
  return record.outcome ?? (kind === 'archive' || kind === 'document' ? 'miss' : 'passed');
}

function isBodyUnread({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || length !== '0';
}

function noteFirstByte(open: Open): void {
  const { response } = open;
  const writeHead = response.writeHead.bind(response) as ServerResponse['writeHead'];
  response.writeHead = ((...head: Parameters<ServerResponse['writeHead']>) => {
    open.firstByteAt ??= performance.now();
    return writeHead(...head);
  }) as ServerResponse['writeHead'];
}
