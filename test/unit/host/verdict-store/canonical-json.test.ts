import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../packages/host/src/verdict-store/canonical-json.ts';

/** The definition, without the short way. */
function spelledOut(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spelledOut).join(',')}]`;
  const fields = Object.entries(value).sort(([key], [other]) => (key < other ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${spelledOut(field)}`).join(',')}}`;
}

test('sorts the keys of every object, however they came', () => {
  const value = { b: [{ d: 1, c: '\u2028' }], a: null };
  expect(canonicalJson(value)).toBe('{"a":null,"b":[{"c":"\u2028","d":1}]}');
  expect(canonicalJson({ a: null, b: [{ c: '\u2028', d: 1 }] })).toBe(canonicalJson(value));
});

test('sorts keys that look like numbers as texts, which engines put into another order', () => {
  expect(canonicalJson(JSON.parse('{"9":1,"10":2,"é":3,"a":4}'))).toBe(
    '{"10":2,"9":1,"a":4,"é":3}',
  );
});

test('leaves undefined fields out', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
});

test('is the same by its short way and its long one', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(canonicalJson(plain)).toBe(spelledOut(plain));
      // Keys in order take the short way.
      const again: unknown = JSON.parse(canonicalJson(plain));
      expect(canonicalJson(again)).toBe(canonicalJson(plain));
    }),
  );
});
