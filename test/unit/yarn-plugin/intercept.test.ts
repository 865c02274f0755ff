/** How the guard is put around a method of Yarn. */
import { describe, expect, test, vi } from 'vitest';
import { intercept, place } from '../../../packages/yarn-plugin/src/intercept.ts';

class Client {
  readonly greeting: string = 'hello';
  greet(name: string): string {
    return `${this.greeting} ${name}`;
  }
}
type Greet = Client['greet'];
const louder = (original: Greet): Greet =>
  function (this: Client, name) {
    return original.call(this, name).toUpperCase();
  };
const fresh = (): Client => new (class extends Client {})();

describe('intercept', () => {
  test('puts a function around a method, which keeps its object, and names it', () => {
    const client = fresh();
    intercept(client, 'greet', louder);
    expect(client.greet('you')).toBe('HELLO YOU');
    expect(client.greet.name).toBe('guarded greet');
    expect(fresh().greet('you')).toBe('hello you');
  });

  test('does so once', () => {
    const client = fresh();
    const wrap = vi.fn(louder);
    intercept(client, 'greet', wrap);
    const { greet } = client;
    intercept(client, 'greet', wrap);
    expect(wrap).toHaveBeenCalledOnce();
    expect(client.greet).toBe(greet);
  });

  test.each([undefined, null, 'text', {}])('throws where there is no such method: %o', (other) => {
    const wrap = vi.fn(louder);
    expect(() => intercept({ greet: other } as never, 'greet' as never, wrap as never)).toThrow(
      new TypeError('there is no greet'),
    );
    expect(wrap).not.toHaveBeenCalled();
  });
});

describe('an entry of the list', () => {
  test('that is there lacks nothing, and is put in place when it is asked to', () => {
    const target = fresh();
    const entry = place({ of: 'its client', target, method: 'greet', wrap: louder });
    expect(entry.missing).toBeUndefined();
    expect(target.greet('you')).toBe('hello you');
    entry.apply();
    expect(target.greet('you')).toBe('HELLO YOU');
  });

  test('that is only called is left as it is', () => {
    const target = fresh();
    place({ of: 'its client', target, method: 'greet' }).apply();
    expect(target.greet).toBe(Client.prototype.greet);
  });

  test.each([undefined, {}, { greet: 'text' }])('says what is lacking: %o', (target) => {
    const entry = place({
      of: 'its client',
      target: target as Client | undefined,
      method: 'greet',
    });
    expect(entry.missing).toBe('its client has no greet');
  });
});
