import { setTimeout as wait } from 'node:timers/promises';
import { TarwardenError } from '@tarwarden/core';
import { redactUrl } from '@tarwarden/core/text';
import { dropBody } from './drop-body.ts';
import { readBody } from './fetch-body.ts';
import { pausesOf, StatusError } from './fetch-retry.ts';
import type { NetworkSettings } from './fetch-settings.ts';
import { TooLargeError } from './too-large.ts';

export interface DocumentRequest {
  /** `https:`, or `http:` of this machine. */
  readonly url: string;
  /** JSON that is sent by POST; without it, it is a GET. */
  readonly body?: string;
  /** Only the settings for proxy, authorities and retries are used. No credential is sent. */
  readonly settings: NetworkSettings;
  /** Milliseconds for each try. */
  readonly timeLimit: number;
  readonly bytesMax: number;
}

/** Shorter pauses than for a tarball, because this service answers many small requests. Milliseconds. */
const PAUSES = { retryMinTimeout: 500, retryFactor: 4 };

/** Host names of this machine, as URL writes them. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name, as URL writes it, belongs to this machine. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** Whether documents may be fetched from this address. */
export function isDocumentUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname));
}

/**
 * Downloads a document through the user's proxy and authorities; undefined if the server answers 404. Redirects are not followed,
 * and the certificate is always checked.
 *
 * @throws TarwardenError FETCH_FAILED, never with credentials in its message.
 */
export async function fetchDocument(request: DocumentRequest): Promise<Buffer | undefined> {
  const { url, settings } = request;
  try {
    if (!isDocumentUrl(url)) throw new Error('not an https URL');
    for (const pause of pausesOf({ ...settings, ...PAUSES })) {
      try {
        return await tryOnce(request);
      } catch (error) {
        if (isNoSuch(error)) return undefined;
        if (isFinal(error)) throw error;
      }
      await wait(pause);
    }
    return await tryOnce(request);
  } catch (error) {
    if (isNoSuch(error)) return undefined;
    const why = redactUrl(error instanceof Error ? error.message : String(error));
    throw new TarwardenError('FETCH_FAILED', `cannot download ${redactUrl(url)}: ${why}`, {
      cause: error,
    });
  }
}

function isNoSuch(error: unknown): boolean {
  return error instanceof StatusError && error.status === 404;
}

function isFinal(error: unknown): boolean {
  if (error instanceof TooLargeError) return true;
  return error instanceof StatusError && (error.isFinal || isRedirect(error));
}

function isRedirect({ status }: StatusError): boolean {
  return status >= 300 && status < 400;
}

async function tryOnce({
  url,
  body,
  settings,
  timeLimit,
  bytesMax,
}: DocumentRequest): Promise<Buffer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeLimit);
  const { userAgent = 'tarwarden' } = settings;
  try {
    const { requestPlainly } = await import('@tarwarden/host/registry-fetch');
    const answer = await requestPlainly(url, {
      connection: connectionOf(url, settings),
      headers: {
        'user-agent': userAgent,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body,
      timeout: timeLimit,
      signal: abort.signal,
    });
    if (answer.status !== 200 || answer.body === null) {
      if (answer.body !== null) dropBody(answer.body);
      throw new StatusError(answer.status, answer.statusText);
    }
    const declared = answer.headers.get('content-length') ?? undefined;
    return await readBody(answer.body, { declared, bytesMax, idle: timeLimit });
  } catch (error) {
    if (abort.signal.aborted)
      throw new Error(`no answer within ${timeLimit / 1000} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function connectionOf(url: string, settings: NetworkSettings): Record<string, unknown> {
  const { ca, httpProxy, httpsProxy, noProxy, localAddress } = settings;
  const proxy = new URL(url).protocol === 'https:' ? httpsProxy : httpProxy;
  const all = { ca, proxy, noProxy, localAddress, strictSSL: true };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
