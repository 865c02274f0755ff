import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../../packages/guard/src/fetch/byte-budget.ts';
import {
  BODIES_BYTES_MAX,
  readBody,
  type BodyOptions,
} from '../../../../packages/guard/src/fetch/fetch-body.ts';
import { TooLargeError } from '../../../../packages/guard/src/fetch/too-large.ts';

const MB = 1024 * 1024;

/** A body that a test sends by hand; it says what it was destroyed for, as those of minipass do. */
class Body extends EventEmitter {
  paused = false;
  destroyed = 0;
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  destroy(error?: Error): void {
    this.destroyed += 1;
    this.emit('error', error);
  }
}

const read = (body: Body, options: Partial<BodyOptions> = {}): Promise<Buffer> =>
  readBody(body, { declared: undefined, bytesMax: 1000, idle: 5000, ...options });

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('readBody', () => {
  it('gives what came between the first byte and the end', async () => {
    const body = new Body();
    const bytes = read(body, { declared: '4' });
    body.emit('data', Buffer.from('ab'));
    body.emit('data', Buffer.from('cd'));
    body.emit('end');
    expect(String(await bytes)).toBe('abcd');
  });

  it.each(['3', '5'])('does not take 4 bytes where %s were announced', async (declared) => {
    const body = new Body();
    const bytes = read(body, { declared });
    body.emit('data', Buffer.from('abcd'));
    body.emit('end');
    await expect(bytes).rejects.toThrow(`4 bytes came, and ${declared} were announced`);
  });

  it('reads nothing of what announces that it is too large', async () => {
    const body = new Body();
    await expect(read(body, { declared: '1001' })).rejects.toThrow('1001 bytes are announced');
    expect(body.destroyed).toBe(1);
    expect(body.listenerCount('data')).toBe(0);
  });

  it('reads no further than it may, and ends the body once', async () => {
    const body = new Body();
    const bytes = read(body);
    body.emit('data', Buffer.alloc(1000));
    body.emit('data', Buffer.alloc(1));
    body.emit('data', Buffer.alloc(1));
    await expect(bytes).rejects.toBeInstanceOf(TooLargeError);
    expect(body.destroyed).toBe(1);
  });

  it('fails with the body', async () => {
    const body = new Body();
    const bytes = read(body);
    body.emit('error', new Error('reset'));
    await expect(bytes).rejects.toThrow('reset');
  });

  it('does not wait for ever for the next byte', async () => {
    await expect(read(new Body(), { idle: 10 })).rejects.toThrow('no byte for 0.01 s');
  });

  it('leaves a body unread until there is room, however long that takes', async () => {
    const first = new Body();
    const second = new Body();
    const bytesMax = BODIES_BYTES_MAX;
    const large = String(bytesMax);
    const one = read(first, { declared: large, bytesMax });
    const two = read(second, { declared: '1', bytesMax, idle: 10 });
    expect([first.paused, second.paused]).toEqual([false, true]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    first.emit('error', new Error('gone'));
    await expect(one).rejects.toThrow('gone');
    await turn();
    expect(second.paused).toBe(false);
    second.emit('data', Buffer.from('x'));
    second.emit('end');
    expect(String(await two)).toBe('x');
  });

  it('lets only one body grow that does not say how long it is', async () => {
    const [first, second] = [new Body(), new Body()];
    const [one, two] = [first, second].map((body) => read(body, { bytesMax: 10 * MB }));
    for (const body of [first, second]) body.emit('data', Buffer.alloc(2 * MB));
    expect([first.paused, second.paused]).toEqual([false, true]);
    first.emit('end');
    expect(await one).toHaveLength(2 * MB);
    await turn();
    expect(second.paused).toBe(false);
    second.emit('end');
    expect(await two).toHaveLength(2 * MB);
  });
});

describe('ByteBudget', () => {
  it('gives out no more than there is, in order, and takes back what nobody wants any more', async () => {
    const budget = new ByteBudget(10);
    const [a, b, c] = [budget.share(), budget.share(), budget.share()];
    expect(a.take(6)).toBeUndefined();
    const order: string[] = [];
    const waits = [
      b.take(20)?.then(() => order.push('b')),
      c.take(1)?.then(() => order.push('c')),
    ].map(async (one) => one);
    a.release();
    await turn();
    expect(order).toEqual(['b']);
    b.release();
    await Promise.all(waits);
    expect(order).toEqual(['b', 'c']);
    c.release();
    // Released before its turn.
    const [d, e, f] = [budget.share(), budget.share(), budget.share()];
    void d.take(10);
    void e.take(10);
    e.release();
    const last = f.take(10);
    d.release();
    await expect(last).resolves.toBeUndefined();
  });

  it('is asked for less by who turns out to need less, and used up by who needs more', async () => {
    const budget = new ByteBudget(10);
    const [a, b, c] = [budget.share(), budget.share(), budget.share()];
    expect(a.take(6)).toBeUndefined();
    const second = b.take(6);
    a.resize(4);
    await second;
    b.resize(600);
    const third = c.take(1);
    b.resize(6);
    expect(third).toBeInstanceOf(Promise);
    b.release();
    b.resize(600);
    await third;
    expect(budget.share().take(5)).toBeUndefined();
  });
});
