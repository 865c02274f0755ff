/*
 * How a guard gets into a client's way: methods of the client are replaced by ones that call them. What is replaced, and what
 * has to be there for a client to be guarded at all, are one list of interceptions.
 */

/** One method that a guard replaces, or only relies on. */
export interface Interception {
  /** What has the method. A client gives it out, so that it may be anything. */
  readonly target: unknown;
  readonly method: PropertyKey;
  /** Makes the replacement. Absent: the method only has to be there. */
  readonly wrap: ((original: never) => unknown) | undefined;
  /** Some supported versions of the client do without it. */
  readonly optional: boolean;
}

/** A client that cannot be guarded in this way. */
export class InterceptError extends Error {
  readonly code = 'CANNOT_INTERCEPT';

  constructor({ method }: Interception, problem: string) {
    super(`${problem} ${nameOf(method)}`);
  }
}

/** On a replacement, what it replaced: known to every copy of a guard in the process, so that none wraps another's. */
const ORIGINAL = Symbol.for('tarwarden.intercepted');

type MethodOf<Target, Key extends keyof Target> = Extract<
  Target[Key],
  (...args: never[]) => unknown
>;

/** An item of the list. */
export function interception<Target extends object, Key extends keyof Target>(
  target: Target | undefined,
  method: Key,
  wrap?: (original: MethodOf<Target, Key>) => MethodOf<Target, Key>,
  { optional = false }: { readonly optional?: boolean } = {},
): Interception {
  return { target, method, wrap, optional };
}

/**
 * Replaces all methods of the list, each once, however often it is asked to.
 * @throws InterceptError before it replaces anything, where a method is missing.
 */
export function interceptAll(list: readonly Interception[]): void {
  const missing = list.find((one) => !one.optional && methodOf(one) === undefined);
  if (missing !== undefined) throw new InterceptError(missing, 'it has no method');
  for (const one of list) replace(one);
}

/** {@link interceptAll} of one method. */
export function intercept<Target extends object, Key extends keyof Target>(
  target: Target,
  method: Key,
  wrap: (original: MethodOf<Target, Key>) => MethodOf<Target, Key>,
): void {
  interceptAll([interception(target, method, wrap)]);
}

function replace(one: Interception): void {
  const { target, method, wrap } = one;
  const original = methodOf(one);
  if (original === undefined || wrap === undefined) return;
  if (Object.hasOwn(original, ORIGINAL)) return;
  const replacement = wrap(original as never) as object;
  Object.defineProperties(replacement, {
    name: { value: `guarded ${nameOf(method)}`, configurable: true },
    [ORIGINAL]: { value: original },
  });
  if (!Reflect.set(target as object, method, replacement)) {
    throw new InterceptError(one, 'it does not let anyone replace its method');
  }
}

function methodOf({ target, method }: Interception): object | undefined {
  if ((typeof target !== 'object' || target === null) && typeof target !== 'function')
    return undefined;
  const found: unknown = Reflect.get(target, method);
  return typeof found === 'function' ? found : undefined;
}

function nameOf(method: PropertyKey): string {
  return typeof method === 'symbol' ? (method.description ?? '') : String(method);
}
