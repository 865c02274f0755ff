/* A server as a client far away has it: each byte takes a while each way, and so does the handshake of a connection. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Far {
  readonly url: string;
  close(): void;
}

/** The server at a loopback address, `delay` milliseconds away. The line itself is as fast as the loopback interface. */
export async function farFrom(url: string, delay: number): Promise<Far> {
  const { port, hostname } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => sockets.delete(socket));
    }
    // A client sends nothing before its handshake is over, which takes a way there and back.
    const opened = performance.now() + 2 * delay;
    pass(client, behind, () => Math.max(0, opened - performance.now()) + delay);
    pass(behind, client, () => delay);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function pass(from: Socket, to: Socket, delay: () => number): void {
  let last = 0;
  const later = (act: () => void): void => {
    // Timers of other lengths may end in another order.
    last = Math.max(last, performance.now() + delay());
    setTimeout(act, last - performance.now());
  };
  from.on('data', (bytes: Buffer) => later(() => to.write(bytes)));
  from.once('end', () => later(() => to.end()));
  from.once('close', () => later(() => to.destroy()));
}
