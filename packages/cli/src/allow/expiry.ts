import { dayOf, isCalendarDay } from '@tarwarden/core/policy';
import { UsageError } from '@tarwarden/host/command-line';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;
/** An exception that nobody looks at for longer is a setting. */
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
