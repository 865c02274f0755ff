import { parseIdentity, type PackageIdentity } from '@tarwarden/core/policy';
import { UsageError } from './usage-error.ts';

/** What `--package NAME@VERSION` says. A {@link UsageError} for anything else. */
export function expectedPackage(
  command: string,
  value: string | undefined,
): PackageIdentity | undefined {
  if (value === undefined) return undefined;
  const identity = parseIdentity(value);
  if (identity !== undefined) return identity;
  throw new UsageError('--package takes NAME@VERSION, with one exact version', command);
}
