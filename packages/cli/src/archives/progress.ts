import { isQuietRun } from '@tarwarden/host/command-line';

/** The progress of a scan on the last line of a terminal. Without a terminal, nothing is printed. */
export interface Progress {
  /** Removes the line, so that other text can be written. */
  clear(): void;
  update(done: number): void;
}

const FIRST_AFTER = 1000;
const EVERY = 100;

/**
 * The line appears after about a second. It is on standard error, so that no pipe gets it.
 * @param what The things that are counted, and what was done with them.
 */
export function startProgress(
  stream: NodeJS.WriteStream,
  what: string = 'archives inspected',
): Progress {
  if (!stream.isTTY || isQuietRun()) return { clear: () => undefined, update: () => undefined };
  let next = performance.now() + FIRST_AFTER;
  let visible = false;
  return {
    clear() {
      if (visible) stream.write('\r\u001B[K');
      visible = false;
    },
    update(done) {
      const now = performance.now();
      if (now < next) return;
      next = now + EVERY;
      visible = true;
      stream.write(`\r\u001B[Ktarwarden: ${done} ${what} …`);
    },
  };
}
