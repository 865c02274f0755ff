/* Detects clients that go away before they have their answer, so that their work can end. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OnCopy } from './cache/document-request.ts';
import { copyNoted, requestClient } from './request-record.ts';

/** One shared error, because creating an error writes down a stack. */
const GONE = new Error('the client went away');

/** Aborted when the connection of a request ends before its answer is whole. */
export function goneOf({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => gone.abort(GONE);
  if (socket.destroyed) abort();
  else {
    // An answer that waits behind others of its connection gets no `close` event.
    socket.once('close', abort);
    response.once('finish', () => socket.off('close', abort));
  }
  return gone.signal;
}

export interface WaitingClient {
  readonly gone: AbortSignal;
  readonly client: string;
  readonly onCopy: OnCopy;
}

/** The client of a request, for work that waits its turn. */
export function waitingClient(request: IncomingMessage, response: ServerResponse): WaitingClient {
  const gone = goneOf(request, response);
  return { gone, client: requestClient(request), onCopy: copyNoted(request) };
}
