import { stopsReading, type Exception } from '@tarwarden/core';
import { dayOf, isCalendarDay } from '@tarwarden/core/policy';
import { exceptionsFor, rejects, type Rejected } from '@tarwarden/core/report';
import { UsageError } from '@tarwarden/host/command-line';

/** An archive to allow, with the facts that are known of it. */
export interface Candidate extends Omit<Rejected, 'package'> {
  readonly package: string | undefined;
  /** The number of findings that are not listed. */
  readonly omitted: number;
}

export type Proposal =
  | {
      readonly exceptionsFor: (said: Pick<Exception, 'reason' | 'expires'>) => readonly Exception[];
      readonly refused?: undefined;
    }
  /** The end of the sentence that says why the archive cannot be allowed. */
  | { readonly refused: string };

/** The exceptions with which an archive passes, or the reason why no exceptions describe exactly what they would allow. */
export function proposed(candidate: Candidate): Proposal {
  const unread = candidate.findings.filter(rejects).find(stopsReading);
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
  return { exceptionsFor: (said) => exceptionsFor({ ...candidate, package: name }, said) };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;
/** An exception has to be looked at again within a year. */
const DAYS_MAX = 366;

/** The last day of new exceptions, `YYYY-MM-DD`. @throws UsageError for a day that is past, or too far ahead. */
export function lastDay(asked: string | undefined, now: number): string {
  const today = dayOf(now);
  if (asked === undefined) return dayOf(now + DEFAULT_DAYS * DAY_MS);
  if (!isCalendarDay(asked)) throw wrong('takes a day that exists, as YYYY-MM-DD');
  if (asked < today) throw wrong('is past');
  if (asked > dayOf(now + DAYS_MAX * DAY_MS)) throw wrong(`is more than ${DAYS_MAX} days ahead`);
  return asked;
}

function wrong(problem: string): UsageError {
  return new UsageError(`--expires ${problem}`, 'allow');
}
