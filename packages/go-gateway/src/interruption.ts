import { constants } from 'node:os';

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

/** Signals that would end the guard where it stands, with programs running and folders left. */
export class Interruption {
  /** The exit code of a program that a signal ended, as shells have it. Undefined while no signal came. */
  code: number | undefined;
  readonly #stop: () => void;

  /** @param onFirst Called with the first one. */
  constructor(onFirst: () => void) {
    const listeners = SIGNALS.map((signal) => {
      const listener = (): void => {
        if (this.code !== undefined) return;
        this.code = 128 + constants.signals[signal];
        onFirst();
      };
      process.on(signal, listener);
      return [signal, listener] as const;
    });
    this.#stop = () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };
  }

  stop(): void {
    this.#stop();
  }
}
