/*
 * What clients have of a common room, by their addresses. A client that has something there leaves at least as much to others as it has
 * itself: however many connections it opens, it does not fill the room.
 */
import type { Socket } from 'node:net';

/** Clients behind one proxy are one. */
export function clientOf({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
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
   * Whether a client may have so many bytes more.
   * @param own Those that it has already for the same request: a single one may have all that is left.
   */
  fits(client: string, bytes: number, own = 0): boolean {
    const left = this.#room - this.#all - bytes;
    const taken = this.#taken.get(client) ?? 0;
    return left >= 0 && (taken === own || taken + bytes <= left);
  }

  /** @param bytes Negative where they are given back. */
  add(client: string, bytes: number): void {
    this.#all += bytes;
    const taken = (this.#taken.get(client) ?? 0) + bytes;
    if (taken === 0) this.#taken.delete(client);
    else this.#taken.set(client, taken);
  }
}
