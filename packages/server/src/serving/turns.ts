/*
 * Runs work in a limited room. The rest waits: clients take turns, so a client that asks for much does not keep others waiting for all of
 * it. A client that has a place gets another one only if it leaves as much room to others as it uses.
 */
import { Shares } from './shares.ts';

interface TurnsOptions {
  /** How much runs at a time. One client alone gets half of it if it says who it is. */
  readonly places: number;
  /** How many of each kind may wait. */
  readonly waitingMax: number;
  /** Makes the error for a caller when too many wait. */
  readonly tooMany?: (message: string) => Error;
}

export interface TurnOptions {
  /** The client that the work is for. Callers without a client share all places. */
  readonly client?: string | undefined;
  /** Ends the waiting, because the caller needs no result any more. */
  readonly gone?: AbortSignal | undefined;
  /** Whether the caller uses the waiting places of known callers, who come before all others. */
  readonly isKnown?: boolean;
  /** How much room the work takes. Default: one place. */
  readonly size?: number;
  /** Lets other clients wait for the same work. */
  readonly ticket?: Ticket;
}

/** Work that several clients wait for. It begins when the first of them has its turn. */
export class Ticket {
  #add: ((client: string) => void) | undefined;

  /** Makes another client wait for the work too, if the work has not begun. */
  join(client: string): void {
    this.#add?.(client);
  }

  /** Called by {@link Turns}. */
  waits(add: ((client: string) => void) | undefined): void {
    this.#add = add;
  }
}

interface Waiter {
  readonly size: number;
  readonly clients: Set<string>;
  /** @param client The client whose turn it is. */
  readonly go: (client: string) => void;
}

/** Those that wait, by client. The client whose turn comes next is first. */
class Line {
  readonly #clients = new Map<string, Set<Waiter>>();
  readonly #shares: Shares;

  constructor(waitingMax: number) {
    this.#shares = new Shares(waitingMax);
  }

  get waiting(): number {
    return this.#shares.all;
  }

  hasRoom(client: string): boolean {
    return client === '' ? this.#shares.hasRoom(1) : this.#shares.fits(client, 1);
  }

  add(waiter: Waiter, client: string): void {
    waiter.clients.add(client);
    this.#shares.add(client, 1);
    const others = this.#clients.get(client);
    if (others === undefined) this.#clients.set(client, new Set([waiter]));
    else others.add(waiter);
  }

  remove(waiter: Waiter): void {
    for (const client of waiter.clients) {
      const all = this.#clients.get(client);
      if (all?.delete(waiter) !== true) continue;
      this.#shares.add(client, -1);
      if (all.size === 0) this.#clients.delete(client);
    }
  }

  /** The next waiter that may have a place, and its client. */
  next(room: Shares): { readonly waiter: Waiter; readonly client: string } | undefined {
    for (const [client, waiters] of this.#clients) {
      const [waiter] = waiters;
      if (client !== '' && !room.isFair(client, waiter!.size)) continue;
      // A waiter for which only the room is too small is not overtaken: otherwise large work would wait without an end.
      if (!room.hasRoom(waiter!.size)) return undefined;
      this.#clients.delete(client);
      this.#clients.set(client, waiters);
      return { waiter: waiter!, client };
    }
    return undefined;
  }
}

export class Turns {
  readonly #known: Line;
  readonly #others: Line;
  readonly #room: Shares;
  readonly #options: TurnsOptions;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#room = new Shares(options.places);
    this.#known = new Line(options.waitingMax);
    this.#others = new Line(options.waitingMax);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#known.waiting + this.#others.waiting;
  }

  /**
   * @param work Gets a function that gives the place back before the work is done.
   * @throws the error of `tooMany` if too many wait, or the reason of `gone`.
   */
  async run<Result>(
    work: (leave: () => void) => Promise<Result>,
    options: TurnOptions = {},
  ): Promise<Result> {
    const leave = await this.enter(options);
    try {
      return await work(leave);
    } finally {
      leave();
    }
  }

  /**
   * Waits for a place.
   * @returns Gives the place back, once.
   * @throws as {@link run}.
   */
  async enter(options: TurnOptions = {}): Promise<() => void> {
    const { places } = this.#options;
    const size = Math.min(options.size ?? 1, places);
    const client = await this.#place({ ...options, size });
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#room.add(client, -size);
      this.#fill();
    };
  }

  /** Gives free places to those that wait. */
  #fill(): void {
    for (;;) {
      const next = this.#known.next(this.#room) ?? this.#others.next(this.#room);
      if (next === undefined) return;
      next.waiter.go(next.client);
    }
  }

  #tooMany(): Error {
    const message = 'too many others wait: try again later';
    return this.#options.tooMany?.(message) ?? new Error(message);
  }

  /** The client under which the place is counted. */
  async #place({
    client = '',
    gone,
    isKnown = false,
    size,
    ticket,
  }: TurnOptions & { readonly size: number }): Promise<string> {
    gone?.throwIfAborted();
    const line = isKnown ? this.#known : this.#others;
    const isFree = client === '' ? this.#room.hasRoom(size) : this.#room.fits(client, size);
    if (isFree && this.waiting === 0) {
      this.#room.add(client, size);
      return client;
    }
    if (!line.hasRoom(client)) throw this.#tooMany();
    return new Promise<string>((resolve, reject) => {
      const end = (): void => {
        line.remove(waiter);
        ticket?.waits(undefined);
        gone?.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        end();
        reject(gone?.reason as Error);
        this.#fill();
      };
      const waiter: Waiter = {
        size,
        clients: new Set(),
        go: (whose) => {
          end();
          this.#room.add(whose, size);
          resolve(whose);
        },
      };
      line.add(waiter, client);
      ticket?.waits((other) => {
        if (!waiter.clients.has(other) && line.hasRoom(other)) line.add(waiter, other);
        this.#fill();
      });
      gone?.addEventListener('abort', leave);
      // Others may wait for more than is free, or for their own share, while this caller need not.
      this.#fill();
    });
  }
}
