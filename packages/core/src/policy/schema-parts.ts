/* Parts of the schemas of configuration files. Each message continues a sentence that begins with the path of the value. */
import * as v from 'valibot';
import { didYouMean } from '../text/nearest.ts';
import { isCalendarDay } from './day.ts';

type Entries = Parameters<typeof v.strictObject>[0];

/** An object with exactly these keys. A list does not count, although it is an object in JavaScript. */
export function closed<const Fields extends Entries>(
  fields: Fields,
): v.GenericSchema<unknown, v.InferOutput<v.StrictObjectSchema<Fields, undefined>>> {
  const keys = Object.keys(fields);
  const message = (issue: { expected: string | null; input: unknown }): string => {
    if (issue.expected === 'Object') return 'must be an object';
    if (issue.expected !== 'never') return 'is missing';
    return `is not a known key${didYouMean(String(issue.input), keys)}`;
  };
  return v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), 'must be an object'),
    v.strictObject(fields, message),
  );
}

export function describedText(description: string): v.GenericSchema<unknown, string> {
  return v.pipe(v.string('must be a text'), v.description(description));
}

/** A text of one form, with a description. `form` names it, after "must be". */
export function matching(
  pattern: RegExp,
  form: string,
  description: string,
): v.GenericSchema<unknown, string> {
  const message = `must be ${form}`;
  return v.pipe(v.string(message), v.regex(pattern, message), v.description(description));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const day: v.GenericSchema<unknown, string> = v.pipe(
  matching(DAY, 'a date, YYYY-MM-DD', 'Last day on which it holds, UTC.'),
  v.check((value) => !DAY.test(value) || isCalendarDay(value), 'must be a day that exists'),
);
