import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { send } from '../../../../packages/server/src/verdict-server/answer.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('a client that does not take the answer to a body that is too long loses its connection', () => {
  vi.useFakeTimers();
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  // Node does this when the server stops reading a body before its end.
  (request as { socket: Socket | null }).socket = null;
  send(response, 413, { type: 'text/plain', body: 'too long\n' });
  expect(response.writableLength).toBeGreaterThan(0);
  vi.advanceTimersByTime(60_000);
  expect(response.destroyed).toBe(true);
});
