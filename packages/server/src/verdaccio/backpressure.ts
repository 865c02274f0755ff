/*
 * verdaccio's log counts bytes with a `write` of its own that answers nothing, which whoever writes takes for "go on": what a client does
 * not read is then held in memory, all of it. Here every `write` that is put into an answer says whether there is room.
 */
import type { ServerResponse } from 'node:http';

type Write = (this: ServerResponse, ...args: unknown[]) => unknown;

/** For what writes from now on, through whatever `write` is there or is put there later. */
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
