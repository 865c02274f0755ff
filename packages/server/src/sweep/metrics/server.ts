import { createServer, type Server } from 'node:http';
import { oneAtATime } from '@tarwarden/host';
import { isLoopbackHost } from '../http/own-host.ts';
import type { PrometheusMeter } from './prometheus.ts';

const CONNECTIONS_MAX = 20;
/** For a request to be there. Milliseconds. */
const REQUEST_LIMIT = 10_000;

/**
 * Serves `/metrics`.
 * @param isLoopback Whether only this machine is served: other names that lead to it are refused.
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
