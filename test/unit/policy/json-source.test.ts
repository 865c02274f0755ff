import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, parseJson } from '../../../packages/core/src/policy/json-source.ts';

function mistake(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return `${error.position.line}:${error.position.column} ${error.message}`;
  }
  return 'no mistake';
}

function reads(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('parseJson', () => {
  it('reads what JSON.parse reads, to equal values', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const plain: unknown = JSON.parse(text);
        expect(JSON.stringify(parseJson(text).value)).toBe(JSON.stringify(plain));
      }),
    );
  });

  it('accepts the texts that JSON.parse accepts, and no other', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '01',
      '-',
      '.5',
      'true',
      'nul',
      ' ',
      '"\t"',
      "'",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        expect(reads(parseJson, text)).toBe(reads(JSON.parse, text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a": 1,\n "b": 2,\n "a": 3}', '3:2 the key "a" appears twice'],
    ['{"a": 1,}', '1:9 expected a string, found "}"'],
    ['[1, 2', '1:6 expected "," or "]", found the end'],
    ['', '1:1 expected a value, found the end'],
    ['{"a" 1}', '1:6 expected ":", found "1"'],
    ['{} // no', '1:4 text after the end of the document'],
    ['{"a": tru}', '1:7 expected a value, found "t"'],
    ['\r\n{"a": "\u001b"}', '2:7 expected a string, found "\\""'],
    ['['.repeat(100), '1:66 nested too deeply'],
  ])('tells where %j is wrong', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });

  it('remembers where values stand', () => {
    const document = parseJson('{\n  "list": [\n    1,\n    {"x": true}\n  ]\n}');
    expect(document.position(['list', 1, 'x'])).toEqual({ line: 4, column: 11 });
    expect(document.position(['list', 1, 'gone'])).toEqual({ line: 4, column: 5 });
    expect(document.position([])).toEqual({ line: 1, column: 1 });
  });

  it('gives objects no prototype to reach', () => {
    const { value } = parseJson('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
