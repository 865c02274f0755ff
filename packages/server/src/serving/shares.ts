/*
 * Counts how much of a shared space each client uses. A client that uses some of it must leave at least as much free for the others.
 * So a client cannot fill the space, even with many requests.
 */
export class Shares {
  readonly #room: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  /** @param room Bytes, places, or connections. */
  constructor(room: number) {
    this.#room = room;
  }

  /** The sum of all clients. */
  get all(): number {
    return this.#all;
  }

  /** The amount that a client uses. */
  taken(client: string): number {
    return this.#taken.get(client) ?? 0;
  }

  /**
   * Whether a client may use this much more.
   * @param own The amount that it already uses for the same request: a single request may use all the space that is left.
   */
  fits(client: string, amount: number, own = 0): boolean {
    return this.hasRoom(amount) && this.isFair(client, amount, own);
  }

  /** Whether the space has so much room for all clients together. */
  hasRoom(amount: number): boolean {
    return this.#all + amount <= this.#room;
  }

  /** Whether a client would leave as much room to others as it uses itself, or uses nothing beside this request. */
  isFair(client: string, amount: number, own = 0): boolean {
    const taken = this.taken(client);
    return taken === own || taken + amount <= this.#room - this.#all - amount;
  }

  /** @param amount Negative to give it back. */
  add(client: string, amount: number): void {
    this.#all += amount;
    const taken = this.taken(client) + amount;
    if (taken === 0) this.#taken.delete(client);
    else this.#taken.set(client, taken);
  }
}
