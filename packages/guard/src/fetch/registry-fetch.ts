/*
 * Makes one request through npm's network layer. It is an entry point of the package, so that a bundle can load it for the first download
 * that needs it. It uses the layer below `make-fetch-happen`, which would add a disk cache.
 */
import { getAgent } from '@npmcli/agent';
import fetch, { type Response } from 'minipass-fetch';
import getAuth from 'npm-registry-fetch/lib/auth.js';

/** What one address gets: a header, and the certificate and key of the client. */
export interface RequestCredentials {
  readonly authorization?: string | undefined;
  readonly tls?: { readonly cert?: string; readonly key?: string };
}

/** The credentials that npm would send to an address. Takes the options of npm-registry-fetch. */
export function npmCredentials(
  url: string,
  options: Readonly<Record<string, unknown>>,
): RequestCredentials {
  const registry = 'https://registry.npmjs.org/';
  const { token, auth, cert, key } = getAuth(url, { registry, ...options });
  return {
    authorization: token === null ? (auth ? `Basic ${auth}` : undefined) : `Bearer ${token}`,
    ...(cert !== null && key !== null && { tls: { cert, key } }),
  };
}

/** Returns the bytes undecoded, with any `content-encoding`, and returns redirects: the next address gets other headers. */
export async function requestOnce(
  url: string,
  options: {
    readonly connection: Readonly<Record<string, unknown>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const { connection, headers, timeout, signal } = options;
  const { strictSSL = true, ...agentOptions } = connection;
  return fetch(url, {
    agent: (target) =>
      getAgent(target.href, {
        maxSockets: 12,
        ...agentOptions,
        rejectUnauthorized: strictSSL !== false,
      }),
    compress: false,
    redirect: 'manual',
    timeout,
    signal,
    headers,
  });
}
