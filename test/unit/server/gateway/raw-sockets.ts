/** Requests of several clients, by sockets from several addresses of the loopback interface. */
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';

export const sockets: Socket[] = [];
export const servers: Server[] = [];
export function closeSockets(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

export function open(url: string, localAddress: string, head: string): Socket {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  sockets.push(socket);
  socket.write(`${head} HTTP/1.1\r\nHost: x\r\n`);
  return socket;
}

export async function statusOf(socket: Socket): Promise<number> {
  let text = '';
  for await (const part of socket.setEncoding('latin1') as AsyncIterable<string>) {
    text += part;
    const status = /^HTTP\/1\.1 (\d+) /.exec(text)?.[1];
    if (status !== undefined) return Number(status);
  }
  return 0;
}

/** The loopback interface has another address, which macOS gives it only when it is told to. */
export const another: boolean = process.platform !== 'darwin';
