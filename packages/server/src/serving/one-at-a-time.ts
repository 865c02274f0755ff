/*
 * Node leaks pipelined requests: if a client sends several requests over one connection and closes it, Node closes only the next
 * response. The later ones never hear of it and hold their resources for good. Package managers and proxies do not pipeline, but a
 * client that has all bytes of an answer may ask again before Node considers the answer finished.
 */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** The most requests of a connection that wait for the one before them. On one more, the connection is closed. */
const WAITING_MAX = 4;

/** A listener that handles one request of a connection at a time, and drops the waiting ones when the connection closes. */
export function oneAtATime(listener: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, (() => void)[]>();
  return (request, response) => {
    const { socket } = request;
    const begin = (): void => {
      // After an answer that ends the connection, Node gives it to no other response, which would then never end.
      if (response.socket === null || socket.destroyed) return;
      response.once('finish', () => {
        const next = waiting.get(socket)?.shift();
        if (next === undefined) waiting.delete(socket);
        else next();
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
