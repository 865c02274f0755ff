/* Who gets the next place: clients take turns, and no client takes the part of the others. */
import { setImmediate as soon } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Ticket, Turns, type TurnOptions } from '../../../../packages/server/src/serving/turns.ts';

/** Work that ends when the test says so. */
function scene(places: number, waitingMax = 100) {
  const turns = new Turns({ places, waitingMax });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    turns,
    begun,
    end: async (name: string): Promise<void> => {
      await soon();
      ends.get(name)!();
      await soon();
    },
    begin: async (name: string, options: TurnOptions = {}): Promise<void> => {
      const work = async (): Promise<void> => {
        begun.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
      };
      return turns.run(work, { client: name[0]!, ...options });
    },
  };
}

describe('turns of clients', () => {
  it('give one client half of the places, and the next one half of the rest', async () => {
    const { begin, begun } = scene(8);
    for (let i = 0; i < 8; i += 1) void begin(`a${i}`);
    for (let i = 0; i < 8; i += 1) void begin(`b${i}`);
    void begin('c0');
    await soon();
    expect(begun).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'c0']);
  });

  it('alternate, however many requests of one client came first', async () => {
    const { begin, begun, end } = scene(1);
    for (const name of ['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'c0']) void begin(name);
    for (const name of ['a0', 'a1', 'b0', 'c0', 'a2', 'b1']) await end(name);
    expect(begun).toEqual(['a0', 'a1', 'b0', 'c0', 'a2', 'b1', 'a3']);
  });

  it('leave half of the waiting places to others', async () => {
    const { begin } = scene(1, 4);
    const refused: string[] = [];
    for (const name of ['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'c0', 'c1'])
      begin(name).catch(() => refused.push(name));
    await soon();
    expect(refused).toEqual(['a3', 'b1', 'c1']);
  });

  it('begin shared work with the turn of whoever joins it', async () => {
    const { begin, begun, end, turns } = scene(1);
    const ticket = new Ticket();
    void begin('a0');
    void begin('a1');
    void begin('a2', { ticket });
    void begin('b0');
    ticket.join('c');
    expect(turns.waiting).toBe(4);
    for (const name of ['a0', 'a1', 'b0']) await end(name);
    expect(begun).toEqual(['a0', 'a1', 'b0', 'a2']);
    // It has left all lines, and nobody joins it any more.
    ticket.join('d');
    expect(turns.waiting).toBe(0);
  });

  it('are not kept for those who are gone', async () => {
    const { begin, begun, end, turns } = scene(1);
    const gone = new AbortController();
    const ticket = new Ticket();
    void begin('a0');
    const left = begin('a1', { gone: gone.signal, ticket });
    ticket.join('b');
    void begin('c0');
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(turns.waiting).toBe(1);
    await end('a0');
    expect(begun).toEqual(['a0', 'c0']);
  });
});

describe('turns for work of different sizes', () => {
  it('leave room for another client beside the largest work of one', async () => {
    const { begin, begun, end } = scene(100);
    void begin('a0', { size: 50 });
    void begin('a1', { size: 50 });
    void begin('b0', { size: 50 });
    await soon();
    expect(begun).toEqual(['a0', 'b0']);
    await end('b0');
    // Half of the room stays free for others.
    expect(begun).toEqual(['a0', 'b0']);
    await end('a0');
    expect(begun).toEqual(['a0', 'b0', 'a1']);
  });

  it('let no small work overtake large work that only needs more room', async () => {
    const { begin, begun, end } = scene(100);
    void begin('a0', { size: 50 });
    void begin('b0', { size: 40 });
    void begin('c0', { size: 50 });
    void begin('d0', { size: 1 });
    await soon();
    expect(begun).toEqual(['a0', 'b0']);
    await end('b0');
    expect(begun).toEqual(['a0', 'b0', 'c0']);
    await end('a0');
    expect(begun).toEqual(['a0', 'b0', 'c0', 'd0']);
  });

  it('give work that is larger than everything all of it', async () => {
    const { begin, begun } = scene(100);
    void begin('a0', { size: 1_000 });
    await soon();
    expect(begun).toEqual(['a0']);
  });
});
