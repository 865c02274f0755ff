/*
 * How a guard gets into a client's way: methods of the client are replaced by ones that call them. What is replaced, and what
 * has to be there for a client to be guarded at all, are one list of interceptions.
 */

/** One method that a guard replaces, or only relies on. */
export interface Interception {
  /** What has the method, in an error: `its cache`. */
  readonly of: string;
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

  constructor({ of, method }: Interception, problem: string) {
    super(`${of} ${problem} ${nameOf(method)}`);
  }
}

export interface InterceptOptions {
  /**
   * Replacements that are recognised by identity, for a process in which others can run code before the guard does: these
   * could mark a method as replaced. Absent: by a symbol that all copies of a guard know, so that none wraps another's.
   */
  readonly replaced?: WeakSet<object>;
}

const REPLACED = Symbol.for('tarwarden.intercepted');

type MethodOf<Target, Key extends keyof Target> = Extract<
  Target[Key],
  (...args: never[]) => unknown
>;

/** An item of the list. */
export function interception<Target extends object, Key extends keyof Target>(
  target: Target | undefined,
  method: Key,
  wrap?: (original: MethodOf<Target, Key>) => MethodOf<Target, Key>,
  { of = 'it', optional = false }: Partial<Pick<Interception, 'of' | 'optional'>> = {},
): Interception {
  return { of, target, method, wrap, optional };
}

/**
 * Replaces all methods of the list, each once, however often it is asked to.
 * @throws InterceptError before it replaces anything, where a method is missing.
 */
export function interceptAll(list: readonly Interception[], options: InterceptOptions = {}): void {
  const missing = list.find((one) => !one.optional && methodOf(one) === undefined);
  if (missing !== undefined) throw new InterceptError(missing, 'has no method');
  for (const one of list) replace(one, options);
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

function replace(one: Interception, { replaced }: InterceptOptions): void {
  const { target, method, wrap } = one;
  const original = methodOf(one);
  if (original === undefined || wrap === undefined) return;
  if (replaced?.has(original) ?? Object.hasOwn(original, REPLACED)) return;
  const replacement = wrap(original as never) as object;
  const name = { value: `guarded ${nameOf(method)}`, configurable: true };
  Object.defineProperty(replacement, 'name', name);
  if (!Reflect.set(target as object, method, replacement)) {
    throw new InterceptError(one, 'does not let anyone replace its method');
  }
  if (replaced === undefined) Object.defineProperty(replacement, REPLACED, { value: true });
  else replaced.add(replacement);
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
