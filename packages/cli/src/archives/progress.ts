import { isQuietRun } from '@tarwarden/guard/command-line';

/** The progress of a command on the last line of a terminal. Without a terminal, nothing is printed. */
export interface Progress {
  /** Removes the line, so that other text can be written. */
  clear(): void;
  /** @param total Absent while it is not known. */
  update(done: number, total?: number): void;
}

const FIRST_AFTER = 1000;
const EVERY = 100;

/** The rest of the time is estimated only after this share of the work: the first results say too little. */
const ESTIMATED_FROM = 0.02;

/**
 * The line appears after about a second. It is on standard error, so that no pipe gets it.
 * @param noun The things that are counted, in the plural.
 */
export function startProgress(stream: NodeJS.WriteStream, noun: string = 'archives'): Progress {
  if (!stream.isTTY || isQuietRun()) return { clear: () => undefined, update: () => undefined };
  const start = performance.now();
  let nextUpdate = start + FIRST_AFTER;
  let visible = false;
  return {
    clear() {
      if (visible) stream.write('\r\u001B[K');
      visible = false;
    },
    update(done, total) {
      const now = performance.now();
      if (now < nextUpdate) return;
      nextUpdate = now + EVERY;
      visible = true;
      const text =
        total === undefined
          ? `${done} ${noun} done`
          : `${Math.min(done, total)} of ${total} ${noun}${timeLeft(now - start, done / total)}`;
      stream.write(`\r\u001B[Ktarwarden: ${text} …`);
    },
  };
}

/** @param share The part that is done, between 0 and 1. The rest is expected to be as fast. */
function timeLeft(elapsed: number, share: number): string {
  if (!(share >= ESTIMATED_FROM) || share >= 1) return '';
  const seconds = Math.ceil((elapsed * (1 - share)) / share / 1000);
  return seconds < 120
    ? `, about ${seconds} s left`
    : `, about ${Math.ceil(seconds / 60)} min left`;
}
