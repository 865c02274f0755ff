/**
 * The statements of a package's own metadata that a registry and a lockfile repeat, by kind: dependencies, commands and so on. The form
 * is canonical: two packages that state the same have equal values. A long value is replaced by `sha256:` and its digest. The texts
 * come from the archive and may be hostile.
 */
export type Declared = Readonly<Record<string, DeclaredValue>>;

export type DeclaredValue = string | readonly string[] | Readonly<Record<string, string>>;

/** Whether a value from outside has the form of {@link Declared}. */
export function isDeclared(value: unknown): value is Declared {
  return isObject(value) && Object.values(value).every(isDeclaredValue);
}

function isDeclaredValue(value: unknown): value is DeclaredValue {
  if (typeof value === 'string') return true;
  const items: unknown[] = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.values(value)
      : [0];
  return items.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
