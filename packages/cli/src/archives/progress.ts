/** How far a scan is, on the last line of a terminal. Nothing at all where there is none. */
export interface Progress {
  /** Takes the line away, so that something else can be written. */
  clear(): void;
  update(done: number): void;
}

const FIRST_AFTER = 1000;
const EVERY = 100;

/**
 * The line appears after about a second of work, and on standard error, so that no pipe ever gets it.
 * @param what What is counted, and what was done with it.
 */
export function startProgress(
  stream: NodeJS.WriteStream,
  what: string = 'archives inspected',
): Progress {
  if (!stream.isTTY) return { clear: () => undefined, update: () => undefined };
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
