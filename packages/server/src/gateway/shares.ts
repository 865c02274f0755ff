/*
 * Counts how much of a shared space each client uses, by its address. A client that uses some of it must leave at least as much free for
 * the others. So a client cannot fill the space, even with many connections.
 */
import type { Socket } from 'node:net';

/** Clients behind the same proxy count as one client. */
export function clientAddress({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return remoteAddress;
}

export class Shares {
  readonly #room: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  /** @param room Bytes. */
  constructor(room: number) {
    this.#room = room;
  }

  /**
   * Whether a client may use this many more bytes.
   * @param own Bytes that it already uses for the same request: a single request may use all the space that is left.
   */
  fits(client: string, bytes: number, own = 0): boolean {
    const left = this.#room - this.#all - bytes;
    const taken = this.#taken.get(client) ?? 0;
    return left >= 0 && (taken === own || taken + bytes <= left);
  }

  /** @param bytes Negative to give bytes back. */
  add(client: string, bytes: number): void {
    this.#all += bytes;
    const taken = (this.#taken.get(client) ?? 0) + bytes;
    if (taken === 0) this.#taken.delete(client);
    else this.#taken.set(client, taken);
  }
}
