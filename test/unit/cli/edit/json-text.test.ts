import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withJson } from '../../../../packages/cli/src/commands/allow/policy-document.ts';

describe('withJson', () => {
  it('keeps the indentation and the line ends of the text', () => {
    const before = '{\r\n   "a": 1,\r\n   "b": [\r\n      {\r\n         "x": 1\r\n      }';
    const changed = withJson(`${before}\r\n   ]\r\n}\r\n`, [
      { path: ['b', 1], value: { c: 1 }, insert: true },
    ]);
    expect(changed).toBe(`${before},\r\n      {\r\n         "c": 1\r\n      }\r\n   ]\r\n}\r\n`);
  });

  it('indents with tabs where the text does', () => {
    expect(withJson('{\n\t"a": 1\n}\n', [{ path: ['b'], value: [1] }])).toBe(
      '{\n\t"a": 1,\n\t"b": [\n\t\t1\n\t]\n}\n',
    );
  });

  it('makes its changes one after the other', () => {
    const taken = [1, 0].map((index) => ({ path: ['a', index], value: undefined }));
    expect(JSON.parse(withJson('{"a": [1, 2, 3]}', taken))).toEqual({ a: [3] });
  });

  it('changes one value and no other, in any document', () => {
    const document = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(
        document,
        fc.string(),
        fc.jsonValue(),
        fc.constantFrom(0, 2, '\t'),
        (fields, key, value, indent) => {
          fc.pre(key !== '__proto__' && !Object.hasOwn(fields, '__proto__'));
          const changed = withJson(JSON.stringify(fields, null, indent), [{ path: [key], value }]);
          expect(JSON.parse(changed)).toEqual(
            JSON.parse(JSON.stringify({ ...fields, [key]: value })),
          );
        },
      ),
    );
  });
});
