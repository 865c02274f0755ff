import { UsageError } from './usage-error.ts';

/** What `--package NAME@VERSION` says; the name may start with the `@` of a scope. A {@link UsageError} for anything else. */
export function expectedPackage(
  command: string,
  value: string | undefined,
): { name: string; version: string } | undefined {
  if (value === undefined) return undefined;
  const [, name, version] = /^(@?[^@\s]+)@([^@\s]+)$/.exec(value) ?? [];
  if (name === undefined || version === undefined) {
    throw new UsageError('--package takes NAME@VERSION, with one exact version', command);
  }
  return { name, version };
}
