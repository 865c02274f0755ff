import { describe, expect, it } from 'vitest';
import { hasMoreValues } from '../../../packages/core/src/metadata/json-values.ts';

const more = (text: string, most: number): boolean => hasMoreValues(Buffer.from(text), most);

function valuesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + valuesOf(inner), 1);
}

describe('values of a JSON document', () => {
  it.each(['{"a":{"b":1,"c":"2"},"d":[1,[2,3],null]}', '[[["x"]],"y",{"z":true}]', '[1,1,1,1,1]'])(
    'are counted in %s',
    (text) => {
      const values = valuesOf(JSON.parse(text));
      expect(more(text, values)).toBe(false);
      expect(more(text, values - 1)).toBe(true);
    },
  );

  it('are not counted inside strings, whatever is escaped there', () => {
    const text = JSON.stringify({ a: `${',{['.repeat(50)}"\\`, b: '\\",,,,,,,,' });
    expect(more(text, 3)).toBe(false);
    expect(more(text, 2)).toBe(true);
  });

  it('are never more than the bytes', () => {
    expect(more('[[[[', 4)).toBe(false);
  });

  it('end with a string that does not', () => {
    expect(more(`["${',,,,'.repeat(9)}\\`, 3)).toBe(false);
  });
});
