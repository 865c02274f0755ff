import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

type Close<T> = (made: T) => unknown;
type Closable = { dispose(): unknown } | { close(): unknown };

const closeAny = async (made: object): Promise<void> => {
  const { dispose, close } = made as { dispose?: () => unknown; close?: () => unknown };
  await (dispose ?? close)?.();
};

/** Returns an object that is filled anew before each test with what `make` returns. It is closed after the test. */
export function freshEach<T extends Closable>(make: () => T | Promise<T>): T;
export function freshEach<T extends object>(make: () => T | Promise<T>, close: Close<T>): T;
export function freshEach(
  make: () => object | Promise<object>,
  close: Close<object> = closeAny,
): object {
  const made = {};
  beforeEach(async () => void Object.assign(made, await make()));
  afterEach(async () => void (await close(made)));
  return made;
}

/** Like {@link freshEach}, made once for all tests of a file or a group. */
export function freshAll<T extends Closable>(make: () => T | Promise<T>): T {
  const made = {} as T;
  beforeAll(async () => void Object.assign(made, await make()));
  afterAll(async () => closeAny(made));
  return made;
}
