import { afterEach, beforeEach } from 'vitest';

/** Returns an object that is filled anew before each test with what `make` returns. After the test, `close` gets it. */
export function freshEach<T extends { dispose(): unknown }>(make: () => T | Promise<T>): T;
export function freshEach<T extends object>(
  make: () => T | Promise<T>,
  close: (made: T) => unknown,
): T;
export function freshEach(
  make: () => object | Promise<object>,
  close = (made: object): unknown => (made as { dispose(): unknown }).dispose(),
): object {
  const made = {};
  beforeEach(async () => void Object.assign(made, await make()));
  afterEach(async () => void (await close(made)));
  return made;
}
