/* The server that listens for clients, with or without TLS. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Milliseconds in which a client must agree with the server on TLS. */
const HANDSHAKE_TIME = 20_000;

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** @param certificate If absent, the server uses HTTP without encryption. */
export function serverWith(
  certificate: Certificate | undefined,
  handle: RequestListener,
): Server | TlsServer {
  const server =
    certificate === undefined
      ? createServer(handle)
      : createTlsServer({ ...contextOf(certificate), handshakeTimeout: HANDSHAKE_TIME }, handle);
  server.requestTimeout = 300_000;
  // Longer than the idle time of a proxy in front, so that it never sends into a connection that is being closed.
  server.keepAliveTimeout = 75_000;
  return server;
}

/** Uses another certificate for new connections. @throws Error if it is invalid; the server then keeps its certificate. */
export function useCertificate(server: Server | TlsServer, certificate: Certificate): void {
  const context = contextOf(certificate);
  createSecureContext(context);
  if ('setSecureContext' in server) server.setSecureContext(context);
}

function contextOf({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}
