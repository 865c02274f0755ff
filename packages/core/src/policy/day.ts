/** Whether `YYYY-MM-DD` names a day that exists. */
export function isCalendarDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(time) === day;
}

/** The day of a moment, `YYYY-MM-DD`, UTC. `time` is in milliseconds since 1970, as `Date.now()` gives it. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
