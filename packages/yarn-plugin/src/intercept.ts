/*
 * Methods of the client that the guard is put around. What is put in place and what is checked before is one list, so that
 * nothing is put around a client that lacks some of it.
 */

type MethodOf<T> = {
  [K in keyof T]-?: T[K] extends (...args: never[]) => unknown ? K : never;
}[keyof T];

/** One entry of the list. */
export interface Intercept {
  /** What the client lacks, or undefined. */
  readonly missing: string | undefined;
  /** Puts the guard there. */
  apply(): void;
}

export interface Place<T extends object, K extends MethodOf<T>> {
  /** What the method is of, for an error: `its cache`. */
  readonly of: string;
  readonly target: T | undefined;
  readonly method: K;
  /** Absent where the guard only calls the method. */
  readonly wrap?: (original: T[K]) => T[K];
}

export function place<T extends object, K extends MethodOf<T>>(at: Place<T, K>): Intercept {
  const { of, target, method, wrap } = at;
  const found = typeof target?.[method] === 'function';
  return {
    missing: found ? undefined : `${of} has no ${String(method)}`,
    apply() {
      if (target !== undefined && wrap !== undefined) intercept(target, method, wrap);
    },
  };
}

/** Known by themselves and not by a mark, which others could set. */
const wrapped = new WeakSet<object>();

/**
 * Puts a function around a method, once: what is wrapped already stays as it is. It is named after the method in stacks.
 * @throws TypeError where there is no such method.
 */
export function intercept<T extends object, K extends MethodOf<T>>(
  target: T,
  method: K,
  wrap: (original: T[K]) => T[K],
): void {
  const original = target[method];
  if (typeof original !== 'function') throw new TypeError(`there is no ${String(method)}`);
  if (wrapped.has(original)) return;
  const guarded = wrap(original);
  Object.defineProperty(guarded, 'name', { value: `guarded ${String(method)}` });
  wrapped.add(guarded as object);
  target[method] = guarded;
}
