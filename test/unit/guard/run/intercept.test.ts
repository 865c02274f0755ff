/** How a guard gets into a client's way, and how it notices that it cannot. */
import { describe, expect, test, vi } from 'vitest';
import {
  intercept,
  interceptAll,
  InterceptError,
  interception,
} from '../../../../packages/guard/src/run/intercept.ts';

const SYMBOL = Symbol('inner');

class Client {
  fetch(name: string): string {
    return `fetched ${name}`;
  }
  link(): string {
    return 'linked';
  }
  [SYMBOL](): string {
    return 'inner';
  }
}

const bareFetch: unknown = Reflect.get(Client.prototype, 'fetch');

/** A class of a test's own. */
const client = (): typeof Client => class extends Client {};

const shout = (original: (name: string) => string) =>
  function (this: unknown, name: string): string {
    return Reflect.apply(original, this, [name]).toUpperCase();
  };

describe('intercept', () => {
  test('replaces a method, once, by one that says what it is', () => {
    const { prototype } = client();
    const wrap = vi.fn(shout);
    intercept(prototype, 'fetch', wrap);
    intercept(prototype, 'fetch', wrap);
    expect(wrap).toHaveBeenCalledExactlyOnceWith(bareFetch);
    expect(prototype.fetch('a')).toBe('FETCHED A');
    expect(prototype.fetch.name).toBe('guarded fetch');
    expect(Client.prototype.fetch.name).toBe('fetch');
  });

  test('names what has a symbol for a name', () => {
    const { prototype } = client();
    intercept(prototype, SYMBOL, (original) => () => `${original()}!`);
    expect(prototype[SYMBOL]()).toBe('inner!');
    expect(prototype[SYMBOL].name).toBe('guarded inner');
  });

  test('leaves what the guard has replaced already, from wherever it was loaded', () => {
    const { prototype } = client();
    intercept(prototype, 'fetch', shout);
    const below = Object.create(prototype) as Client;
    intercept(below, 'fetch', () => () => 'twice');
    expect(below.fetch('a')).toBe('FETCHED A');
  });

  test('leaves what another copy of the guard in the process has replaced', async () => {
    const { prototype } = client();
    intercept(prototype, 'fetch', shout);
    vi.resetModules();
    const other = await import('../../../../packages/guard/src/run/intercept.ts');
    expect(other.intercept).not.toBe(intercept);
    other.intercept(prototype, 'fetch', () => () => 'twice');
    expect(prototype.fetch('a')).toBe('FETCHED A');
  });

  test('throws where a method does not let itself be replaced', () => {
    const frozen = Object.freeze({ fetch: (name: string) => name });
    expect(() => intercept(frozen, 'fetch', shout)).toThrow(
      'it does not let anyone replace its method fetch',
    );
  });
});

describe('replacements that are recognised by identity', () => {
  const MARK = Symbol.for('tarwarden.intercepted');

  test('are made once', () => {
    const { prototype } = client();
    const replaced = new WeakSet<object>();
    const wrap = vi.fn(shout);
    intercept(prototype, 'fetch', wrap, { replaced });
    intercept(prototype, 'fetch', wrap, { replaced });
    expect(wrap).toHaveBeenCalledOnce();
    expect(prototype.fetch('a')).toBe('FETCHED A');
    expect(replaced.has(Reflect.get(prototype, 'fetch') as object)).toBe(true);
  });

  test('are made of what somebody else marked as replaced', () => {
    const marked = Object.assign((name: string): string => `theirs ${name}`, { [MARK]: true });
    const target = { fetch: marked };
    intercept(target, 'fetch', shout as never, { replaced: new WeakSet() });
    expect(target.fetch('a')).toBe('THEIRS A');
  });

  test('bear no mark', () => {
    const { prototype } = client();
    intercept(prototype, 'fetch', shout, { replaced: new WeakSet() });
    expect(Reflect.has(Reflect.get(prototype, 'fetch') as object, MARK)).toBe(false);
    intercept(prototype, 'link', () => () => 'guarded');
    expect(Reflect.has(Reflect.get(prototype, 'link') as object, MARK)).toBe(true);
  });
});

describe('a list of interceptions', () => {
  test.each([
    ['no such method', {}],
    ['something else by that name', { fetch: 'text' }],
    ['nothing to look into', undefined],
    ['null', null],
    ['text', 'text'],
  ])('is refused as a whole where there is %s', (_title, target) => {
    const { prototype } = client();
    const list = [
      interception(prototype, 'link', () => () => 'guarded'),
      interception(target as unknown as Client, 'fetch', shout),
    ];
    expect(() => interceptAll(list)).toThrow(InterceptError);
    expect(() => interceptAll(list)).toThrow('it has no method fetch');
    expect(prototype.link()).toBe('linked');
  });

  test('names what lacks a method', () => {
    const owner = 'its cache';
    const missing = interception(undefined as Client | undefined, 'fetch', undefined, { owner });
    expect(() => interceptAll([missing])).toThrow('its cache has no method fetch');
    const frozen = interception(Object.freeze(new (client())()), 'fetch', shout, { owner });
    expect(() => interceptAll([frozen])).toThrow(
      'its cache does not let anyone replace its method fetch',
    );
  });

  test('passes over what some versions do without', () => {
    const target = {} as Client;
    interceptAll([interception(target, 'fetch', shout, { optional: true })]);
    expect(target).toEqual({});
    const { prototype } = client();
    interceptAll([interception(prototype, 'fetch', shout, { optional: true })]);
    expect(prototype.fetch('a')).toBe('FETCHED A');
  });

  test('only looks for what nothing takes the place of', () => {
    const { prototype } = client();
    interceptAll([interception(prototype, 'fetch')]);
    expect(Reflect.get(prototype, 'fetch')).toBe(bareFetch);
    expect(() => interceptAll([interception({} as Client, 'fetch')])).toThrow(InterceptError);
  });
});
