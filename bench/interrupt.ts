/** Ctrl-C ends the benchmark after what runs now, so that no folder of it is left behind; a second one ends it at once. */
let asked = false;

/** Listens for it from now on. */
export function heedInterrupts(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (asked = true));
}

/** Whether it was asked to end. */
export function interrupted(): boolean {
  return asked;
}
