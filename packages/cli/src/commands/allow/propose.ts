import { rules, type Exception } from '@tarwarden/core';
import { exceptionsFor, rejects, type Rejected } from '@tarwarden/core/report';

/** An archive to allow, as far as it is known. */
export interface Candidate extends Omit<Rejected, 'package'> {
  readonly package: string | undefined;
  /** Findings that are not listed. */
  readonly omitted: number;
}

export type Proposal =
  | { readonly exceptions: readonly Exception[]; readonly refused?: undefined }
  /** Why the archive cannot be allowed, for the end of a line. */
  | { readonly refused: string };

/** The exceptions with which an archive passes, or why there are none that say exactly what they let through. */
export function proposed(
  candidate: Candidate,
  said: Pick<Exception, 'reason' | 'expires'>,
): Proposal {
  const unread = candidate.findings
    .filter(rejects)
    .find(({ rule }) => rules[rule].stopsReading === true);
  if (unread !== undefined) {
    return {
      refused: `it was not read to its end (${unread.rule}): an exception would let pass what nobody has inspected`,
    };
  }
  if (candidate.omitted > 0) {
    return {
      refused: `it has ${candidate.omitted} more findings than are listed, so no list of exceptions is whole`,
    };
  }
  const { package: name } = candidate;
  if (name === undefined)
    return {
      refused:
        'it does not say which package it is: add --package NAME@VERSION, as it is asked for',
    };
  return { exceptions: exceptionsFor({ ...candidate, package: name }, said) };
}
