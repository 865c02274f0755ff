/*
 * One request by the network layer of npm, with the credentials that npm would send. An entry point
 * of the package: a bundle may have it as a file of its own, loaded with the first download that needs it. Below `make-fetch-happen`, which would bring
 * a disk cache that no download of ours reaches.
 */
import { getAgent } from '@npmcli/agent';
import fetch, { type Response } from 'minipass-fetch';
import getAuth from 'npm-registry-fetch/lib/auth.js';

/** Takes the options of npm-registry-fetch, and gives the bytes as they came, whatever their `content-encoding`. */
export async function requestTarball(
  url: string,
  options: Readonly<Record<string, unknown>> & {
    readonly timeout: number;
    readonly userAgent: string;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const { userAgent, signal, strictSSL = true, ...rest } = options;
  const { token, auth, cert, key } = getAuth(url, {
    registry: 'https://registry.npmjs.org/',
    ...options,
  });
  const authorization = token === null ? auth && `Basic ${auth}` : `Bearer ${token}`;
  const connection = {
    maxSockets: 12,
    ...rest,
    rejectUnauthorized: strictSSL,
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
  };
  return fetch(url, {
    // What TLS needs is the agent's alone: redirects keep the agent, and none of the other options.
    agent: (to) => getAgent(to.href, connection),
    compress: false,
    timeout: options.timeout,
    signal,
    headers: {
      'user-agent': userAgent,
      ...(authorization && { authorization }),
    },
  });
}

export interface DocumentOptions {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Sent as JSON by POST; without it, GET. */
  readonly body: string | undefined;
  readonly timeout: number;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** One request without credentials, whose certificate is always checked, and that follows no redirect. */
export async function requestDocument(url: string, options: DocumentOptions): Promise<Response> {
  const { settings, body, timeout, userAgent, signal } = options;
  const connection = { maxSockets: 12, ...settings, rejectUnauthorized: true };
  return fetch(url, {
    agent: (to) => getAgent(to.href, connection),
    compress: false,
    redirect: 'error',
    timeout,
    signal,
    headers: {
      'user-agent': userAgent,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST' as const, body }),
  });
}
