/*
 * Inspects between the questions of pnpm. pnpm 12 asks whether we fetch a package, for all packages, 16 questions at a time, before it
 * unpacks the first. An inspection is synchronous, so each one that runs in between makes pnpm wait. Inspections therefore begin when
 * pnpm has no further question, and then pnpm unpacks one package while the guard inspects the next.
 */

/** Bytes of tarballs that may wait. Further ones are inspected at once, because an inspected tarball can leave the memory. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

interface Waiter {
  readonly bytes: number;
  readonly go: () => void;
}

export class QuietTurns {
  readonly #waiting: Waiter[] = [];
  #bytes = 0;
  #runs = false;
  /** The number of questions so far, now and in the last turn of the event loop. */
  #questions = 0;
  #questionsBefore = 0;

  /** Called for each question that pnpm asks about a package. */
  noteQuestion(): void {
    this.#questions += 1;
  }

  /**
   * Resolves when the caller may inspect: one caller in each turn of the event loop, in the order of the calls.
   * @param bytes The size of its tarball.
   */
  async next(bytes: number): Promise<void> {
    if (this.#bytes + bytes > WAITING_BYTES_MAX) return;
    this.#bytes += bytes;
    await new Promise<void>((go) => {
      this.#waiting.push({ bytes, go });
      if (this.#runs) return;
      this.#runs = true;
      setImmediate(this.#step);
    });
  }

  readonly #step = (): void => {
    const isAsked = this.#questions !== this.#questionsBefore;
    this.#questionsBefore = this.#questions;
    if (!isAsked) this.#goOn();
    this.#runs = this.#waiting.length > 0;
    if (this.#runs) setImmediate(this.#step);
  };

  #goOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#bytes -= next.bytes;
    next.go();
  }
}
