/** The key of names, held against every code point of the tables that file systems take their folding from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName, foldsAlike } from '../../../packages/core/src/tree/name-folding.ts';
import { foldedComponents } from '../../../packages/core/src/tree/package-path.ts';
import {
  CANONICAL,
  CASE_FOLDING,
  CASE_MAPPING,
  COMPATIBILITY,
  HFS_PLUS,
  IGNORABLE,
  MARKS,
  nameFolding,
  type Equality,
} from '../../../scripts/unicode-folding.ts';

const text = (...points: number[]): string => String.fromCodePoint(...points);
const last = 0x10ffff;
const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

function apart(equalities: readonly Equality[]): string[] {
  return equalities
    .filter(
      ([from, to]) =>
        foldName(`a${text(from)}z`) !== foldName(`a${text(...to)}z`.replaceAll('/', '\0')),
    )
    .map(([from, to]) => `U+${from.toString(16)} ${text(...to)}`);
}

describe('the table', () => {
  // First, since whichever test folds a name first makes the table.
  it('puts marks in order, and keeps each', () => {
    expect(foldName('a\u0323\u0301')).toBe(foldName('a\u0301\u0323'));
    expect(foldName('a\u0323\u0301')).not.toBe(foldName('a\u0323\u0300'));
    expect(foldName('a\u0301')).toBe('a\u0301');
    expect(foldName('\u00c9\u{e0061}x')).toBe('e\u0301x');
    expect(foldName('u{3}-')).toBe('u{3}-');
  });

  it('is what its script makes of the Unicode Character Database', () => {
    const { folded, unordered } = nameFolding();
    const differing: string[] = [];
    for (let point = 0; point <= last; point++) {
      const hangul = point >= 0xac00 && point <= 0xd7a3;
      if (isSurrogate(point) || hangul || unordered.has(point)) continue;
      const wanted = folded.get(point) ?? text(point);
      if (foldName(text(point)) !== foldName(wanted)) differing.push(point.toString(16));
      if (Array.from(wanted).every((one) => !unordered.has(one.codePointAt(0)!)))
        if (foldName(text(point)) !== wanted) differing.push(point.toString(16));
    }
    expect(differing).toEqual([]);
  });

  it('knows every mark', () => {
    expect(MARKS.length).toBeGreaterThan(2400);
    const differing = MARKS.filter(
      (point) => foldName(`a\u0301${text(point)}`) !== foldName(`a${text(point)}\u0301`),
    );
    expect(differing).toEqual([]);
  });
});

describe('one name', () => {
  it.each([
    ['CaseFolding.txt, C, F and S', CASE_FOLDING, 1500],
    ['the case mappings of UnicodeData.txt', CASE_MAPPING, 2800],
    ['canonical decompositions', CANONICAL, 2000],
    ['compatibility decompositions', COMPATIBILITY, 3500],
    ["what HFS+ adds to Unicode's folding", HFS_PLUS, 37],
  ] as const)('%s', (_name, equalities, least) => {
    expect(equalities.length).toBeGreaterThan(least);
    expect(apart(equalities)).toEqual([]);
  });

  it('with and without every default-ignorable code point', () => {
    expect(IGNORABLE.length).toBeGreaterThan(4000);
    expect(IGNORABLE.filter((point) => foldName(`a${text(point)}b`) !== 'ab')).toEqual([]);
  });

  it('Hangul syllables and their letters', () => {
    const differing: number[] = [];
    for (let point = 0xac00; point <= 0xd7a3; point++)
      if (foldName(text(point)) !== text(point).normalize('NFD')) differing.push(point);
    expect(differing).toEqual([]);
  });

  it('in any normalisation, and folded before it or after it', () => {
    const marks = [0x300, 0x301, 0x323, 0x327, 0x345, 0x34f, 0x5b0, 0x3099];
    const letters = [0x3b1, 0x391, 0x1fb3, 0x1e9e, 0x130, 0xac00, 0xfb01, 0x212b, 0x1100, 0x1161];
    const name = fc
      .array(fc.constantFrom(...marks, ...letters, 0x61, 0x49), { maxLength: 8 })
      .map((points) => text(...points));
    fc.assert(
      fc.property(name, (one) => {
        const key = foldName(one);
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
          expect(foldName(one.normalize(form))).toBe(key);
          expect(foldName(one.normalize(form).toUpperCase())).toBe(key);
          expect(foldName(one.toUpperCase().normalize(form))).toBe(key);
        }
        expect(foldName(one.replaceAll('\u034f', '').normalize('NFD'))).toBe(key);
        expect(foldName(key)).toBe(key);
      }),
      { numRuns: 2000 },
    );
  });

  it('folds ASCII alike with and without other letters beside it', () => {
    for (let point = 1; point < 0x80; point++) {
      if (point === 0x2f) continue;
      expect(foldName(text(point))).toBe(text(point).toLowerCase());
    }
  });
});

describe('two names', () => {
  it.each([
    ['e', 'é'],
    ['i', 'i̇'],
    ['o', 'ø'],
    ['a', 'а'],
    ['ss', 's'],
    ['か', 'が'],
    ['ი', 'ი̈'],
    ['क', 'की'],
    ['日本', '日木'],
    ['😀', '😁'],
  ])('%s and %s', (a, b) => {
    expect(foldName(a)).not.toBe(foldName(b));
  });
});

describe('spelled alike but for case', () => {
  it.each([
    ['É.js', 'é.js', true],
    ['A/b', 'a/B', true],
    ['é', 'e\u0301', false],
    ['ß', 'ss', false],
    ['a\u3164', 'a', false],
    ['\u017f', 's', true],
    ['s', '\u017f', true],
    ['\u03c2', '\u03c3', true],
    ['\u00e9a', '\u00c9B', false],
    ['a\u00e9', 'B\u00c9', false],
    ['a\u00e9', 'b\u00e9', false],
    ['ab', 'a\u00e9', false],
    ['AB', 'ab', true],
    ['ab', 'ac', false],
  ])('%s and %s: %s', (a, b, alike) => {
    expect(foldsAlike(a, b)).toBe(alike);
  });
});

it('keeps a name that consists of ignored characters, and a decomposed slash inside its name', () => {
  expect(foldedComponents('a/\u3164/b')).toHaveLength(3);
  expect(foldedComponents('a/\u3164/b')).toEqual(foldedComponents('a/\u{e0100}/b'));
  expect(foldedComponents('c\u2100b')).toHaveLength(1);
});
