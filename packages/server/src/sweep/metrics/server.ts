import { createServer, type Server } from 'node:http';
import { oneAtATime } from '@tarwarden/host';
import { isLoopbackHost } from '../http/own-host.ts';
import type { PrometheusMeter } from './prometheus.ts';

const CONNECTIONS_MAX = 20;
/** Milliseconds for a request to arrive. */
const REQUEST_LIMIT = 10_000;

/**
 * Serves `/metrics`.
 * @param isLoopback Whether to serve only this machine, and to refuse other host names that lead to it.
 */
export function metricsServer(
  meter: Pick<PrometheusMeter, 'contentType' | 'text'>,
  isLoopback: boolean,
): Server {
  const limits = { requestTimeout: REQUEST_LIMIT, headersTimeout: REQUEST_LIMIT };
  const listener = oneAtATime(({ method, url, headers }, response) => {
    const isFine = !isLoopback || isLoopbackHost(headers.host);
    if (!isFine || url !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(isFine ? 404 : 421).end();
      return;
    }
    void meter.text().then(
      (text) => response.writeHead(200, { 'content-type': meter.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const server = createServer(limits, listener);
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}
