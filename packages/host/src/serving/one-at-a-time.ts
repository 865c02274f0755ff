/*
 * Of a client that asks several times at once over one connection (HTTP pipelining) and goes away, Node closes the response that was
 * next. Those that waited behind it never hear of it: what they hold is held for good. No client of a package manager does so, nor does
 * a proxy.
 */
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A listener that has one request of a connection at a time. A connection with another is closed. */
export function oneAtATime(listener: RequestListener): RequestListener {
  const underWay = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    const { socket } = request;
    if (underWay.has(socket)) {
      socket.destroy();
      return;
    }
    underWay.set(socket, response);
    const end = (): void => {
      if (underWay.get(socket) === response) underWay.delete(socket);
    };
    response.once('finish', end);
    listener(request, response);
  };
}
