import { createHash } from 'node:crypto';
import type { Approver } from '../finding/verdict.ts';
import type { Exception } from './policy.ts';

/** First value of the canonical form. Change it when the meaning of the form changes. */
const FORM = 'tarwarden-exception-v1';

/**
 * The name of one exact exception: SHA-256, in lower-case hex, of its canonical form. A user approves an exception of a
 * repository by this hash.
 *
 * The canonical form is a JSON array without white space, as `JSON.stringify` writes it, in UTF-8: `["tarwarden-exception-v1", package,
 * rule, entry, sha512, reason, expires]`. `entry` is null if the exception has none. Texts are taken as they are, without Unicode
 * normalisation, so that two exceptions that differ in one byte of any field have different hashes. The order of the keys in the policy
 * file, and white space in it, make no difference.
 */
export function exceptionHash(exception: Exception): string {
  const { package: name, rule, entry, sha512, reason, expires } = exception;
  const form = JSON.stringify([FORM, name, rule, entry ?? null, sha512, reason, expires]);
  return createHash('sha256').update(form, 'utf8').digest('hex');
}

/** Entries that let something pass, by the policy file that has them. */
interface EntriesByFile<T> {
  readonly machine: readonly T[];
  readonly user: readonly T[];
  readonly repository: readonly T[];
  /** Hashes of the entries that the user approved. */
  readonly approved: ReadonlySet<string> | undefined;
}

/** The entries that hold. `proposed`: those of the repository that the user has not approved. They have no effect. */
export interface ApprovedEntries<T> {
  readonly held: readonly (T & { readonly approvedBy: Approver })[];
  readonly proposed: readonly T[];
}

/** Entries of the machine and of the user hold, and those of the repository that the user approved. */
export function approvedEntries<T>(
  { machine, user, repository, approved }: EntriesByFile<T>,
  hashOf: (entry: T) => string,
): ApprovedEntries<T> {
  const by = (approvedBy: Approver) => (entry: T) => ({ ...entry, approvedBy });
  const isApproved = (entry: T): boolean => approved?.has(hashOf(entry)) === true;
  return {
    held: [
      ...machine.map(by('machine')),
      ...user.map(by('user')),
      ...repository.filter(isApproved).map(by('repository+user')),
    ],
    proposed: repository.filter((entry) => !isApproved(entry)),
  };
}
