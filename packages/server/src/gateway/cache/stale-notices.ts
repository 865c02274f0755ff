/** Milliseconds between two notices. */
const APART = 60_000;

/** Reports that copies are served without the registry, but not once for each of them. */
export class StaleNotices {
  readonly #report: (reason: string) => void;
  #at = Number.NEGATIVE_INFINITY;

  constructor(report: (reason: string) => void) {
    this.#report = report;
  }

  notice(reason: string): void {
    const now = performance.now();
    if (now - this.#at < APART) return;
    this.#at = now;
    this.#report(reason);
  }
}
