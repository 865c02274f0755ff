/*
 * verdaccio's log replaces `write` of an answer with a function that returns nothing. Writers take that for "go on", so the bytes
 * that a slow client does not read pile up in memory. Here every replaced `write` returns whether there is room.
 */
import type { ServerResponse } from 'node:http';

type Write = (this: ServerResponse, ...args: unknown[]) => unknown;

/** Fixes the present `write` and every later replacement. */
export function keepBackpressure(response: ServerResponse): void {
  let current = telling(response, Reflect.get(response, 'write') as Write);
  Object.defineProperty(response, 'write', {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (write: Write) => {
      current = telling(response, write);
    },
  });
}

function telling(response: ServerResponse, write: Write): Write {
  return (...args) => {
    const said = write.apply(response, args);
    return typeof said === 'boolean' ? said : !response.writableNeedDrain;
  };
}
