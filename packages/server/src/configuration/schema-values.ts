/* Values that several keys of server.yaml have. Each message continues a sentence that begins with the path of the value. */
import * as v from 'valibot';
import { matching } from '@tarwarden/core/policy';
import { DURATION, SIZE } from './quantities.ts';

export function listOf<Item>(
  item: v.GenericSchema<unknown, Item>,
  description: string,
): v.GenericSchema<unknown, readonly Item[]> {
  return v.pipe(v.array(item, 'must be a list'), v.description(description));
}

export function yesOrNo(description: string): v.GenericSchema<unknown, boolean> {
  return v.pipe(v.boolean('must be true or false'), v.description(description));
}

export function choice<const Values extends readonly string[]>(
  values: Values,
  description: string,
): v.GenericSchema<unknown, Values[number]> {
  const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(values);
  return v.pipe(v.picklist(values, `must be ${names}`), v.description(description));
}

export function count(description: string): v.GenericSchema<unknown, number> {
  const whole = 'must be a whole number, 1 or more';
  return v.pipe(
    v.number(whole),
    v.safeInteger(whole),
    v.minValue(1, whole),
    v.description(description),
  );
}

const WRONG_SIZE = 'must be a size, such as 512MiB or 50GiB';
export function size(description: string): v.GenericSchema<unknown, string | number> {
  return v.pipe(
    v.union(
      [
        v.pipe(v.number(WRONG_SIZE), v.safeInteger(WRONG_SIZE), v.minValue(0, WRONG_SIZE)),
        v.pipe(v.string(WRONG_SIZE), v.regex(SIZE, WRONG_SIZE)),
      ],
      WRONG_SIZE,
    ),
    v.description(description),
  );
}

export function duration(description: string): v.GenericSchema<unknown, string> {
  return matching(DURATION, 'a duration, such as 90s, 24h or 90d', description);
}

/** An object with names that the operator chooses. */
export function named<Value>(
  key: RegExp,
  form: string,
  value: v.GenericSchema<unknown, Value>,
): v.GenericSchema<unknown, Readonly<Record<string, Value>>> {
  const wrong = `is not ${form}`;
  return v.pipe(
    v.unknown(),
    v.check((input) => !Array.isArray(input), 'must be an object'),
    // valibot would leave these keys out and say nothing.
    v.check(
      (input) =>
        typeof input !== 'object' ||
        input === null ||
        !['__proto__', 'constructor', 'prototype'].some((name) => Object.hasOwn(input, name)),
      'must not have a key called __proto__, constructor or prototype',
    ),
    v.record(v.pipe(v.string(), v.regex(key, wrong)), value, 'must be an object'),
  );
}
