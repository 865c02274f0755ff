import type { Socket } from 'node:net';

export interface TurnsOptions {
  /** Sockets that are served at a time. */
  readonly servedMax: number;
  /** Sockets that wait; one more is closed. */
  readonly waitingMax: number;
  /** Called once for each socket whose turn has come. Its turn ends when it is closed. */
  readonly serve: (socket: Socket) => void;
}

/** Has sockets served in the order in which they came, so many at a time. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting: Socket[] = [];
  #served = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  add(socket: Socket): void {
    // Also while it waits, and nobody else listens.
    socket.on('error', () => socket.destroy());
    if (this.#served < this.#options.servedMax) this.#serve(socket);
    else if (this.#waiting.length < this.#options.waitingMax) this.#waiting.push(socket);
    else socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#served++;
    socket.once('close', () => {
      this.#served--;
      this.#next();
    });
    this.#options.serve(socket);
  }

  #next(): void {
    let next = this.#waiting.shift();
    while (next?.destroyed === true) next = this.#waiting.shift();
    if (next !== undefined) this.#serve(next);
  }
}
