import type { ServerResponse } from 'node:http';

/** Calls back when a response is over, also if it is over already: its `close` event, which came meanwhile, does not come again. */
export function whenOver(response: ServerResponse, callback: () => void): void {
  if (response.destroyed) callback();
  else response.once('close', callback);
}
