/* Answers that the gateway makes itself. */
import type { ServerResponse } from 'node:http';

/** Headers of a registry's failure that clients act by: they say how to sign in, and when to try again. */
const PASSED_BACK = ['www-authenticate', 'retry-after'] as const;
/** Values that clients of any version can read, and that no registry exceeds. */
const PLAIN = /^[\u0020-\u007E]{1,1000}$/;

export type PassedHeaders = Readonly<Partial<Record<(typeof PASSED_BACK)[number], string>>>;

/** Headers for a failure that the client can fix. */
export function passedHeaders(headers: RegistryHeaders): PassedHeaders {
  return plainHeaders(headers, PASSED_BACK);
}

export type RegistryHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The named headers of a registry's answer. Values that Node would not send or clients could not read are left out. */
export function plainHeaders<Name extends string>(
  headers: RegistryHeaders,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const plain = names.flatMap((name) => {
    const value = [headers[name]].flat().join(', ');
    return PLAIN.test(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(plain) as Partial<Record<Name, string>>;
}

/** The answer when too many requests wait for their turn. */
export const tooMany = (message: string): GatewayAnswer => new GatewayAnswer(503, message);

/** An answer that ends a request: a status and a reason. */
export class GatewayAnswer extends Error {
  override readonly name = 'GatewayAnswer';
  readonly status: number;
  readonly headers: PassedHeaders;

  constructor(
    status: number,
    message: string,
    { headers = {}, ...options }: { cause?: unknown; headers?: PassedHeaders } = {},
  ) {
    super(message, options);
    this.status = status;
    this.headers = headers;
  }
}

/** The answer for a package that the client does not get. */
export class GatewayRefusal extends GatewayAnswer {
  constructor(message: string) {
    super(403, message);
  }
}

/** Passes on statuses that the client can act on: a missing sign-in, a missing file. Other statuses are failures of the gateway. */
export function passedStatus(status: number, headers: RegistryHeaders): GatewayAnswer {
  const passed = [401, 403, 404, 410, 429, 451].includes(status) ? status : 502;
  return new GatewayAnswer(passed, `the registry answers ${status} for this archive`, {
    ...(passed === status && { headers: passedHeaders(headers) }),
  });
}

/** The registry gives no answer, or only a part of it. A copy in the cache may be served instead. */
export class UnreachableRegistry extends GatewayAnswer {
  constructor(
    message: string,
    {
      status = 502,
      ...options
    }: {
      readonly status?: 502 | 504;
      readonly cause?: unknown;
      readonly headers?: PassedHeaders;
    } = {},
  ) {
    super(status, message, options);
  }
}

/** Statuses that take content away from a reader. */
const GONE: ReadonlySet<number> = new Set([401, 403, 404, 410, 451]);

/** Whether the registry says that this reader must not have its content, or that the content is not there any more. */
export function takesAway(error: unknown): boolean {
  return error instanceof GatewayAnswer && GONE.has(error.status);
}

/** Whether content must not be served: it is damaged or refused. */
export function isWrongContent(error: unknown): boolean {
  return error instanceof GatewayAnswer && (error.status === 502 || error.status === 403);
}

/** The most characters of a reason phrase. npm, pnpm 10 and 11 and Yarn 4 print it, and nothing else of an answer. */
const PHRASE_MAX = 200;
const NOTICE_MAX = 900;

export function sendAnswer(
  response: ServerResponse,
  answer: GatewayAnswer,
  as: 'json' | 'text' = 'json',
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  // The client would send the rest of an unread request as the next one, so close the connection.
  if (!response.req.complete) response.setHeader('connection', 'close');
  const { status, message } = answer;
  const isJson = as === 'json';
  const body = isJson ? JSON.stringify({ error: message, reason: message }) : `${message}\n`;
  const headers = {
    ...answer.headers,
    'content-type': isJson ? 'application/json' : 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // npm prints this header even if the missing package is an optional dependency.
    ...(answer instanceof GatewayRefusal && { 'npm-notice': ascii(message, NOTICE_MAX) }),
  };
  response.writeHead(status, ascii(message, PHRASE_MAX), headers);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

export function tarballHeaders(bytes: number | undefined): Record<string, string | number> {
  return {
    'content-type': 'application/octet-stream',
    ...(bytes !== undefined && { 'content-length': bytes }),
    // A proxy that recompresses the archive would change its bytes.
    'cache-control': 'private, no-transform',
    'x-content-type-options': 'nosniff',
  };
}

function ascii(text: string, max: number): string {
  return text.replaceAll(/[^\u0020-\u007E]+/g, ' ').slice(0, max);
}
