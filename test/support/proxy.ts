/** A forward HTTP proxy on the loopback address: CONNECT tunnels and absolute-form requests, to loopback hosts only. */
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Proxy {
  readonly url: string;
  readonly log: { method: string; target: string; authorization?: string; status: number }[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** `user:password` that clients must send. */
  credentials?: string;
  /** Names that it knows for this machine. */
  names?: readonly string[];
  /** Port of this machine that tunnels lead to, whatever port is asked for. */
  tunnelsTo?: number;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const log: Proxy['log'] = [];
  const sockets = new Set<Duplex>();
  const isOurs = (host: string): boolean =>
    LOOPBACK.has(host) || (options.names?.includes(host) ?? false);
  const wanted =
    options.credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(options.credentials).toString('base64')}`;

  /** The status that refuses a request, or 200, and the line in the log. */
  function admit(
    method: string,
    target: string,
    host: string,
    authorization: string | undefined,
  ): number {
    const status =
      wanted !== undefined && authorization !== wanted ? 407 : isOurs(host) ? 200 : 403;
    log.push({ method, target, status, ...(authorization === undefined ? {} : { authorization }) });
    return status;
  }

  const server = createServer((incoming, outgoing) => {
    const target = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : undefined;
    const { 'proxy-authorization': authorization, ...headers } = incoming.headers;
    const status = admit(
      incoming.method ?? 'GET',
      incoming.url ?? '',
      target?.hostname ?? '',
      authorization,
    );
    if (status !== 200 || target === undefined) {
      outgoing
        .writeHead(status, status === 407 ? { 'proxy-authenticate': 'Basic realm="proxy"' } : {})
        .end();
      return;
    }
    const onward = httpRequest(
      target,
      {
        ...(incoming.method === undefined ? {} : { method: incoming.method }),
        headers,
        hostname: '127.0.0.1',
        agent: false,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });

  server.on('connect', (incoming, socket, head) => {
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const status = admit(
      'CONNECT',
      incoming.url ?? '',
      host,
      incoming.headers['proxy-authorization'],
    );
    if (status !== 200) {
      socket.end(
        `HTTP/1.1 ${status} Refused\r\n${status === 407 ? 'proxy-authenticate: Basic realm="proxy"\r\n' : ''}\r\n`,
      );
      return;
    }
    const onward = connect(options.tunnelsTo ?? Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => sockets.delete(one));
    }
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
