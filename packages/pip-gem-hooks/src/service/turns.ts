import type { Socket } from 'node:net';
import type { Turns } from '@tarwarden/host';

/** Serves a socket when its turn comes. The turn ends when the socket is closed. If too many sockets wait, closes it at once. */
export function serveInTurn(turns: Turns, socket: Socket, serve: (socket: Socket) => void): void {
  const closed = new AbortController();
  // Without a listener, an error of a waiting socket would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('close', () => closed.abort());
  const served = (): Promise<void> =>
    new Promise((done) => {
      socket.once('close', () => done());
      serve(socket);
    });
  turns.run(served, closed.signal).catch(() => socket.destroy());
}
