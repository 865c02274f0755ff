/*
 * A guard replaces methods of its client with methods that inspect first and then call the original. One list names the replaced
 * methods, and the methods without which the client cannot be guarded.
 */

/** One method that a guard replaces, or only relies on. */
export interface Interception {
  /** The name of the target in an error: `its cache`. */
  readonly owner: string;
  /** The object with the method. It comes from the client, so it may be anything. */
  readonly target: unknown;
  readonly method: PropertyKey;
  /** Makes the replacement. Without it, the method only has to exist. */
  readonly wrap: ((original: never) => unknown) | undefined;
  /** Whether some supported versions of the client lack the method. */
  readonly optional: boolean;
}

/** A client that cannot be guarded. */
export class InterceptError extends Error {
  readonly code = 'CANNOT_INTERCEPT';

  constructor({ owner, method }: Interception, problem: string) {
    super(`${owner} ${problem} ${methodName(method)}`);
  }
}

export interface InterceptOptions {
  /**
   * The replacements so far. Use it if other code can run before the guard and could mark a method as replaced. Without it, a symbol
   * marks replacements, so that no copy of a guard wraps the methods of another.
   */
  readonly replaced?: WeakSet<object>;
}

const REPLACED = Symbol.for('tarwarden.intercepted');

type MethodOf<Target, Key extends keyof Target> = Extract<
  Target[Key],
  (...args: never[]) => unknown
>;

export function interception<Target extends object, Key extends keyof Target>(
  target: Target | undefined,
  method: Key,
  wrap?: (original: MethodOf<Target, Key>) => MethodOf<Target, Key>,
  { owner = 'it', optional = false }: Partial<Pick<Interception, 'owner' | 'optional'>> = {},
): Interception {
  return { owner, target, method, wrap, optional };
}

/**
 * Replaces all methods of the list. A method that was replaced before stays as it is.
 * @throws InterceptError if a method is missing, before it replaces any.
 */
export function interceptAll(list: readonly Interception[], options: InterceptOptions = {}): void {
  const missing = list.find((entry) => !entry.optional && methodOf(entry) === undefined);
  if (missing !== undefined) throw new InterceptError(missing, 'has no method');
  for (const entry of list) replace(entry, options);
}

/** {@link interceptAll} of one method. */
export function intercept<Target extends object, Key extends keyof Target>(
  target: Target,
  method: Key,
  wrap: (original: MethodOf<Target, Key>) => MethodOf<Target, Key>,
  options?: InterceptOptions,
): void {
  interceptAll([interception(target, method, wrap)], options);
}

function replace(entry: Interception, { replaced }: InterceptOptions): void {
  const { target, method, wrap } = entry;
  const original = methodOf(entry);
  if (original === undefined || wrap === undefined) return;
  if (replaced?.has(original) ?? Object.hasOwn(original, REPLACED)) return;
  const replacement = wrap(original as never) as object;
  const name = { value: `guarded ${methodName(method)}`, configurable: true };
  Object.defineProperty(replacement, 'name', name);
  if (!Reflect.set(target as object, method, replacement)) {
    throw new InterceptError(entry, 'does not let anyone replace its method');
  }
  if (replaced === undefined) Object.defineProperty(replacement, REPLACED, { value: true });
  else replaced.add(replacement);
}

function methodOf({ target, method }: Interception): object | undefined {
  if ((typeof target !== 'object' || target === null) && typeof target !== 'function')
    return undefined;
  const value: unknown = Reflect.get(target, method);
  return typeof value === 'function' ? value : undefined;
}

function methodName(method: PropertyKey): string {
  return typeof method === 'symbol' ? (method.description ?? '') : String(method);
}
