import { rules, type Exception } from '@tarwarden/core';
import { exceptionsFor, rejects, type Rejected } from '@tarwarden/core/report';

/** An archive to allow, with the facts that are known of it. */
export interface Candidate extends Omit<Rejected, 'package'> {
  readonly package: string | undefined;
  /** The number of findings that are not listed. */
  readonly omitted: number;
}

export type Proposal =
  | { readonly exceptions: readonly Exception[]; readonly refused?: undefined }
  /** The end of the sentence that says why the archive cannot be allowed. */
  | { readonly refused: string };

/** The exceptions with which an archive passes, or the reason why no exceptions describe exactly what they would allow. */
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
