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

/** One request with the headers that are given. Redirects are answers, for whoever follows them to choose what they are sent. */
export async function requestPlainly(
  url: string,
  options: {
    readonly connection: Readonly<Record<string, unknown>>;
    readonly headers: Readonly<Record<string, string>>;
    /** Sent by POST; without it, GET. */
    readonly body?: string | undefined;
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const { connection, headers, body, timeout, signal } = options;
  const { strictSSL = true, ...rest } = connection;
  return fetch(url, {
    agent: (to) =>
      getAgent(to.href, { maxSockets: 12, ...rest, rejectUnauthorized: strictSSL !== false }),
    compress: false,
    redirect: 'manual',
    timeout,
    signal,
    headers,
    ...(body === undefined ? {} : { method: 'POST' as const, body }),
  });
}
