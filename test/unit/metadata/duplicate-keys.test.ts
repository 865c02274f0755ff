/** Keys that are there twice in a manifest, held against what the document was made of. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  duplicateKeys,
  type DuplicateKey,
} from '../../../packages/core/src/metadata/duplicate-keys.ts';

const of = (text: string): DuplicateKey[] => {
  // Whatever is listed is of a document that can be read.
  JSON.parse(text);
  return [...duplicateKeys(text, () => true)];
};

describe('a key that appears twice', () => {
  it.each(
    Object.entries<DuplicateKey[]>({
      '{"a":1,"a":2}': [{ key: 'a', first: '1', other: '2' }],
      '{ "a" : 1 , "b":0, "a" :\n "x" }': [{ key: 'a', first: '1', other: '"x"' }],
      '{"":1,"":2}': [{ key: '', first: '1', other: '2' }],
      '{"a":{},"a":[]}': [{ key: 'a', first: '{}', other: '[]' }],
      '{"a":{"x":[1,{"y":2}]},"a":null}': [{ key: 'a', first: '{"x":[1,{"y":2}]}', other: 'null' }],
      '{"a":1,"a":2,"a":1,"a":3}': [
        { key: 'a', first: '1', other: '2' },
        { key: 'a', first: '1', other: '3' },
      ],
      '{"scripts":{"x":"1","x":"2"},"bin":{"x":"1"}}': [
        { within: 'scripts', key: 'x', first: '"1"', other: '"2"' },
      ],
      '{"s":{"x":1},"s":{"x":1,"x":2}}': [
        { within: 's', key: 'x', first: '1', other: '2' },
        { key: 's', first: '{"x":1}', other: '{"x":1,"x":2}' },
      ],
      // One key in two spellings.
      '{"name":"a","n\\u0061me":"b"}': [{ key: 'name', first: '"a"', other: '"b"' }],
      '{"a\\"b":1,"a\\u0022b":2}': [{ key: 'a"b', first: '1', other: '2' }],
      '{"a\\\\":1,"a\\\\":2}': [{ key: 'a\\', first: '1', other: '2' }],
      // Marks inside strings are no marks.
      '{"a":"}{[]:,\\"","a":"x"}': [{ key: 'a', first: '"}{[]:,\\""', other: '"x"' }],
      '{"a:b,c":"\\\\","a:b,c":2}': [{ key: 'a:b,c', first: '"\\\\"', other: '2' }],
      '{"a":[{"b":1},{}],"a":1}': [{ key: 'a', first: '[{"b":1},{}]', other: '1' }],
      '{"e":{},"s":{"a":{},"a":[]},"l":[]}': [{ within: 's', key: 'a', first: '{}', other: '[]' }],
    }),
  )('in %s', (text, found) => expect(of(text)).toEqual(found));

  it.each([
    '{}',
    '[]',
    '7',
    '"a"',
    '"\\""',
    '{"a":1,"b":1}',
    '{"a":1,"a":1}',
    '{"a":1,"A":2}',
    '{"a":{"x":1},"b":{"x":2}}',
    '{"x":1,"a":{"x":2}}',
    // Deeper, and in lists, nothing is compared.
    '{"a":{"b":{"x":1,"x":2}}}',
    '{"a":[{"x":1,"x":2}]}',
    '[{"x":1,"x":2}]',
    '[[{"x":1,"x":2}]]',
    '{"a":[[],{"x":1,"x":2},{}],"b":{"c":[{"x":1,"x":2}]}}',
    '{"a":["x","x"],"b":{"c":["y","y","z"]}}',
    '{"a":{},"b":{}}',
    '{"a":{"x":{}},"b":{"x":[]}}',
  ])('is none in %s', (text) => expect(of(text)).toEqual([]));

  it('is reported only where it is asked for', () => {
    const asked: [string, string | undefined][] = [];
    const text = '{"a":1,"s":{"x":1,"x":2},"a":2,"l":[{"y":1}]}';
    const found = [
      ...duplicateKeys(text, (key, within) => {
        asked.push([key, within]);
        return within === undefined;
      }),
    ];
    expect(found).toEqual([{ key: 'a', first: '1', other: '2' }]);
    expect(asked).toEqual([
      ['a', undefined],
      ['x', 's'],
      ['x', 's'],
      ['s', undefined],
      ['a', undefined],
      ['l', undefined],
    ]);
  });

  it('is found one at a time, so that who has seen enough stops', () => {
    let asked = 0;
    const found = duplicateKeys('{"a":1,"a":2,"a":3,"a":4}', () => (asked += 1) > 0);
    expect(found.next().value).toEqual({ key: 'a', first: '1', other: '2' });
    expect(asked).toBe(2);
  });

  // JSON.parse never gives such a text, and still nothing may hang or throw.
  it.each(['{"a', '"', '{"a":1', '}', ']', ','])('ends at the end of %j', (text) =>
    expect([...duplicateKeys(text, () => true)]).toEqual([]),
  );
});

describe('documents of any kind', () => {
  const key = fc.constantFrom('a', 'b', 'c"', 'd\\', '', '{', ':');
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('1', 'null', '"a"', '"},{"', '"\\\\"', '"\\""', '[]', '{}'),
      fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join(',')}]`),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map(
        (pairs) =>
          `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value as string}`).join(', ')}}`,
      ),
  }));
  const object = fc.array(fc.tuple(key, json.value as fc.Arbitrary<string>), { maxLength: 5 });
  const member = fc.oneof(json.value as fc.Arbitrary<string>, object);

  const written = (pairs: readonly (readonly [string, string])[]): string =>
    `{${pairs.map(([name, value]) => `${JSON.stringify(name)} :${value}`).join(' ,')}}`;
  /** By the list of pairs, which is what a parser that keeps all of them would give. */
  function expected(
    pairs: readonly (readonly [string, string])[],
    within?: string,
  ): DuplicateKey[] {
    const firsts = new Map<string, string>();
    return pairs.flatMap(([name, other]) => {
      const first = firsts.get(name) ?? other;
      firsts.set(name, first);
      if (first === other) return [];
      return [{ ...(within !== undefined && { within }), key: name, first, other }];
    });
  }

  it('tell what they were made of', () => {
    const documents = fc.array(fc.tuple(key, member), { maxLength: 6 });
    fc.assert(
      fc.property(documents, (pairs) => {
        const plain = pairs.map(
          ([name, value]) => [name, typeof value === 'string' ? value : written(value)] as const,
        );
        const text = written(plain);
        const own = of(text).filter(({ within }) => within === undefined);
        expect(own).toEqual(expected(plain));
        for (const [name, value] of pairs) {
          if (typeof value === 'string') continue;
          const alone = of(written([[name, written(value)]]));
          expect(alone).toEqual(expected(value, name));
        }
      }),
      { numRuns: 300 },
    );
  });
});
