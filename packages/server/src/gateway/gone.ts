/* Clients that go away before they have their answer: what they wait for is not gone on with. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One for all: an error of its own for each has its stack written down. */
const GONE = new Error('the client went away');

/** Aborted when the connection of a request ends before its answer is whole. */
export function goneOf({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => gone.abort(GONE);
  if (socket.destroyed) abort();
  else {
    // An answer that waits for others of its connection is not told that it ended.
    socket.once('close', abort);
    response.once('finish', () => socket.off('close', abort));
  }
  return gone.signal;
}
