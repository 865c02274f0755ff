import type { Socket } from 'node:net';

/** Bytes of one line: a path and a URL of 4 KiB each, with escapes. */
const LINE_BYTES_MAX = 64 * 1024;

/** The most lines that wait for the answer to an earlier line. */
const WAITING_MAX = 16;

export interface LineHandler {
  /** Must not reject. The connection ends with the last answer. */
  readonly answer: (line: string) => Promise<{ readonly text: string; readonly last: boolean }>;
  /** A line must arrive within this time. Milliseconds. */
  readonly idleMs: number;
}

/** Answers the lines of a connection, one after the other. Closes a connection that sends too much, or nothing for too long. */
export function serveLines(socket: Socket, { answer, idleMs }: LineHandler): void {
  let rest: Buffer = Buffer.alloc(0);
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function give(line: string): Promise<void> {
    if (socket.destroyed) return;
    const given = await answer(line);
    waiting--;
    // The idle time starts after the answer, because an inspection may take long.
    socket.setTimeout(waiting === 0 ? idleMs : 0);
    if (socket.destroyed) return;
    if (given.last) socket.end(given.text);
    else socket.write(given.text);
  }

  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      const line = rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
      if (end > LINE_BYTES_MAX || ++waiting > WAITING_MAX) {
        socket.destroy();
        return;
      }
      socket.setTimeout(0);
      last = last.then(async () => give(line));
    }
    if (rest.length > LINE_BYTES_MAX) socket.destroy();
  });
  socket.on('end', () => void last.then(() => socket.end()));
}
