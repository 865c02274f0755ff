/*
 * Of a client that asks several times at once over one connection (HTTP pipelining) and goes away, Node closes the response that was
 * next. Those that waited behind it never hear of it: what they hold is held for good. No client of a package manager does so, nor does
 * a proxy; but one that has all bytes of an answer asks again before the answer is over for Node.
 */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of a connection that wait for the one before them. One more, and the connection is closed. */
const WAITING_MAX = 4;

/** A listener that has one request of a connection at a time, and none that waited when the connection closed. */
export function oneAtATime(listener: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, (() => void)[]>();
  return (request, response) => {
    const { socket } = request;
    const begin = (): void => {
      response.once('finish', () => {
        const next = waiting.get(socket)?.shift();
        if (next === undefined) waiting.delete(socket);
        else if (!socket.destroyed) next();
      });
      listener(request, response);
    };
    const others = waiting.get(socket);
    if (others === undefined) {
      waiting.set(socket, []);
      begin();
    } else if (others.length < WAITING_MAX) others.push(begin);
    else socket.destroy();
  };
}
