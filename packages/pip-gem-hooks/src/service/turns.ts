import type { Socket } from 'node:net';
import type { Turns } from '@tarwarden/host';

/** Serves a socket when its turn comes. Its turn ends when it is closed. It is closed at once if too many wait. */
export function serveInTurn(turns: Turns, socket: Socket, serve: (socket: Socket) => void): void {
  const closed = new AbortController();
  // A socket without a listener would end the process by its error, also while it waits.
  socket.on('error', () => socket.destroy());
  socket.once('close', () => closed.abort());
  const served = (): Promise<void> =>
    new Promise((done) => {
      socket.once('close', () => done());
      serve(socket);
    });
  turns.run(served, closed.signal).catch(() => socket.destroy());
}
