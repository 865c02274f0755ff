/*
 * Makes one request through npm's network layer, with the credentials that npm would send. It is an entry point of the package, so that
 * a bundle can load it for the first download that needs it. It uses the layer below `make-fetch-happen`, which would add a disk cache.
 */
import { getAgent } from '@npmcli/agent';
import fetch, { type Response } from 'minipass-fetch';
import getAuth from 'npm-registry-fetch/lib/auth.js';

/** Takes the options of npm-registry-fetch. Returns the bytes undecoded, with any `content-encoding`. */
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
    // TLS options belong to the agent: redirects keep the agent and drop all other options.
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

/** Makes one request with the given headers. It returns redirects, so that the caller chooses the headers for the next address. */
export async function requestPlainly(
  url: string,
  options: {
    readonly connection: Readonly<Record<string, unknown>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const { connection, headers, timeout, signal } = options;
  const { strictSSL = true, ...rest } = connection;
  return fetch(url, {
    agent: (to) =>
      getAgent(to.href, { maxSockets: 12, ...rest, rejectUnauthorized: strictSSL !== false }),
    compress: false,
    redirect: 'manual',
    timeout,
    signal,
    headers,
  });
}
