/* Sends pages, with headers that forbid scripts, frames and copies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Markup } from '../browser/markup.ts';
import { STYLE } from './style.ts';

/** HSTS is missing: the server or proxy that has the certificate decides about it. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // With "no-referrer", browsers send forms of these pages with the origin "null". Other sites get no referrer either way.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export interface PageAnswer {
  readonly status: number;
  readonly page: Markup;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** After a form, the browser loads another page, so that a reload does not send the form again. */
export interface Redirect {
  readonly to: string;
  readonly cookies?: readonly string[];
}

export function sendPageAnswer(response: ServerResponse, answer: PageAnswer | Redirect): void {
  if ('to' in answer) {
    const { to, cookies = [] } = answer;
    send(response, { status: 303, type: 'text/plain; charset=utf-8', text: '' }, [
      ...cookieHeaders(cookies),
      ['location', to],
    ]);
    return;
  }
  const { status, page, headers = {}, cookies = [] } = answer;
  send(response, { status, type: 'text/html; charset=utf-8', text: page.text }, [
    ...cookieHeaders(cookies),
    ...Object.entries(headers),
  ]);
}

export function sendStyle(response: ServerResponse): void {
  send(response, { status: 200, type: 'text/css; charset=utf-8', text: STYLE }, [
    ['cache-control', 'public, max-age=3600'],
  ]);
}

type Header = readonly [string, string | readonly string[]];

function cookieHeaders(cookies: readonly string[]): Header[] {
  return cookies.length === 0 ? [] : [['set-cookie', cookies]];
}

function send(
  response: ServerResponse,
  { status, type, text }: { readonly status: number; readonly type: string; readonly text: string },
  more: readonly Header[],
): void {
  // The client would send the rest of an unread request as the next one, so close the connection.
  if (!response.req.complete && hasBody(response.req)) response.setHeader('connection', 'close');
  response.writeHead(status, {
    ...HEADERS,
    'cache-control': 'no-store',
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    ...Object.fromEntries(more),
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}
