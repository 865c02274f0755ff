import { describe, expect, it } from 'vitest';
import {
  isText,
  readYaml,
  type YamlNode,
} from '../../../packages/core/src/metadata/yaml/reader.ts';

const LIMITS = { values: 100, depth: 5, repeated: 1000 };
const read = (text: string) => readYaml(text, LIMITS);

/** The document as plain values. */
function valueOf(text: string): unknown {
  const document = read(text);
  if (!document.ok) throw new Error(document.problem);
  return plain(document.root);
}

function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]));
}

describe('what RubyGems writes', () => {
  it.each<[string, string, unknown]>([
    ['maps', '---\na: b\nc:\n  d: e\n', { a: 'b', c: { d: 'e' } }],
    ['lists below a key', '---\na:\n- b\n- c\nd: e\n', { a: ['b', 'c'], d: 'e' }],
    ['lists that are indented', '---\na:\n  - b\n  - c\n', { a: ['b', 'c'] }],
    ['lists in lists', '---\n- - a\n  - b\n- c\n', [['a', 'b'], 'c']],
    ['maps in lists', '---\n- a: b\n  c: d\n- e: f\n', [{ a: 'b', c: 'd' }, { e: 'f' }]],
    ['nothing', '---\na: \nb:\nc: []\nd: {}\n', { a: '', b: '', c: [], d: {} }],
    ['nothing in a list', '---\n- \n- a\n-\n', ['', 'a', '']],
    ['blank lines', '---\na: []\n\n\nb: c\n\n', { a: [], b: 'c' }],
    ['a last line without its end', '---\na: b\nc: []', { a: 'b', c: [] }],
    ['a last text without its end', '---\na: b\n  c', { a: 'b c' }],
    ['the mark of the end', '---\na: b\n...\n', { a: 'b' }],
    ['single quotes', "---\na: 'it''s: # \"x\" '\n", { a: 'it\'s: # "x" ' }],
    [
      'double quotes',
      String.raw`--- "\x41\u00e9\U0001f600\n\t\\\"\e\0"` + '\n',
      'A\u00e9\u{1f600}\n\t\\"\x1b\0',
    ],
    ['quotes over lines', "---\na: 'b\n  c\n\n  d'\n", { a: 'b c\nd' }],
    ['a line break that is escaped', '---\na: "b \\\n  c\\\n  \\ d"\n', { a: 'b c d' }],
    ['a text over lines', '---\na: b\n  c\n   d\ne: f\n', { a: 'b c d', e: 'f' }],
    ['a text in a list over lines', '---\n- a\n  b\n- c\n', ['a b', 'c']],
    ['a literal', '---\na: |\n  b\n   c\n\n  d\ne: f\n', { a: 'b\n c\n\nd\n', e: 'f' }],
    ['a literal without its last line break', '---\na: |-\n  b\n\ne: f\n', { a: 'b', e: 'f' }],
    ['a literal with all line breaks', '---\na: |+\n  b\n\n\ne: f\n', { a: 'b\n\n\n', e: 'f' }],
    ['a literal that begins with spaces', '---\na: |2-\n    b\n  c\n', { a: '  b\nc' }],
    ['a literal in a list', '---\n- |-\n  a\n- b\n', ['a', 'b']],
    ['an empty literal', '---\na: |\nb: c\n', { a: '', b: 'c' }],
    ['a folded block', '---\na: >-\n  b\n  c\n\n  d\n', { a: 'b c\nd' }],
    ['aliases', '---\na: &x\n  b: c\nd: *x\n', { a: { b: 'c' }, d: { b: 'c' } }],
    ['tags', '--- !ruby/object:A\na: !b\n  c: d\n', { a: { c: 'd' } }],
    ['keys in quotes', '---\n"a: b": c\n\'d\': e\n', { 'a: b': 'c', d: 'e' }],
    ['texts with marks inside', '---\na: b:c#d - e, [f] {g} *h\n', { a: 'b:c#d - e, [f] {g} *h' }],
    ['spaces at the end of lines', '--- \na: b  \nc:   \n  d: e \n', { a: 'b', c: { d: 'e' } }],
  ])('is read: %s', (_title, text, value) => {
    expect(valueOf(text)).toEqual(value);
  });
});

describe('what RubyGems does not write', () => {
  it.each<[string, string, string]>([
    ['no mark at the beginning', 'a: b\n', 'does not begin with `---`'],
    ['a block whose last line is not ended', '---\na: |\n  b', 'the last line of a block'],
    ['a block that is not ended', '---\na: >-', 'the last line of a block'],
    ['a second document', '---\na: b\n---\nc: d\n', 'a line is not a key'],
    ['something behind the end', '---\na: b\n...\nc: d\n', 'something follows the document'],
    ['a comment', '---\na: b #c\n', 'not plain'],
    ['a comment on a line', '---\n#a\nb: c\n', 'a line is not a key'],
    ['a flow list', '---\na: [b]\n', 'not plain'],
    ['a flow map', '---\na: {b: c}\n', 'not plain'],
    ['a complex key', '---\n? a\n: b\n', 'a line is not a key'],
    ['a merge key', '---\na: &x\n  b: c\nd:\n  <<: *x\n', 'a key merges another map'],
    ['a merge key in quotes', '---\n"<<": b\n', 'a key merges another map'],
    ['a key that is a number', '---\n12: b\n', 'a key is not a plain text'],
    ['a key without a space behind it', '---\na:b\n', 'a line is not a key'],
    ['a tab as indentation', '---\na:\n\tb: c\n', 'a tab'],
    ['a tab in quotes', '---\na: "b\tc"\n', 'a tab is inside quotes'],
    ['a tab in a text', '---\na: b\tc\n', 'not plain'],
    ['a carriage return', '---\na: b\r\n', 'control character'],
    ['a next line of Unicode', '---\na: b\u0085c\n', 'control character'],
    ['a byte order mark', '---\na: \ufeffb\n', 'control character'],
    ['a line that is indented too far', '---\na: b\n\n  c: d\n', 'indented too far'],
    ['a map behind a scalar', '---\na: b\n  c: d\n', 'not plain'],
    ['a quote that does not close', '---\na: "b\n', 'a quote is not closed'],
    ['something behind a quote', '---\na: "b" c\n', 'something follows a closing quote'],
    ['an escape that is not known', '---\na: "\\q"\n', 'an escape in quotes is not known'],
    ['half of a character', '---\na: "\\ud83d"\n', 'is not a character'],
    ['a line in quotes that is not indented', '---\na: "b\nc"\n', 'is not indented'],
    ['a block whose header is not known', '---\na: |5x\n  b\n', 'the header of a block'],
    ['a block that begins with spaces', '---\na: |\n   \n  b\n', 'begins with a line of spaces'],
    ['a folded block with more indentation', '---\na: >\n  b\n    c\n', 'is indented more'],
    ['an alias of nothing', '---\na: *x\n', 'an alias is of no value'],
    ['an alias of itself', '---\na: &x\n  b: *x\n', 'an alias is of no value'],
    ['an anchor twice', '---\na: &x b\nc: &x d\n', 'an anchor is there twice'],
    ['an alias with a tag', '---\na: &x b\nc: !d *x\n', 'an alias has a tag'],
    ['a tag before nothing', '---\na: !b\n', 'stands before nothing'],
    ['a tag with an escape', '---\na: !b%21 c\n', 'a tag is not plain'],
    ['a verbatim tag', '---\na: !<b> c\n', 'a tag is not plain'],
    ['too many levels', `---\n${'- '.repeat(7)}a\n`, 'more than 5 levels'],
    ['too many values', `---\n${'- a\n'.repeat(100)}`, 'more than 100 values'],
  ])('is refused: %s', (_title, text, problem) => {
    expect(read(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('is refused by its line', () => {
    expect(read('---\na: b\nc: [d]\n')).toMatchObject({ ok: false, line: 3 });
  });
});

describe('a document', () => {
  it('lists its tags, symbols and repeated keys', () => {
    const document = read('--- !a\nb: :c\nd: ! :e\nf: ":g"\nd: !h {}\n');
    expect(document).toMatchObject({
      ok: true,
      tags: new Map([
        ['!h', new Set(['map'])],
        ['!a', new Set(['map'])],
      ]),
      symbols: new Set([':c', ':e']),
      repeated: ['d'],
    });
  });

  it('is refused where it grows by aliases', () => {
    const levels = ['---\na0: &a0\n- x\n'];
    for (let level = 1; level < 12; level++)
      levels.push(`a${level}: &a${level}\n${`- *a${level - 1}\n`.repeat(9)}`);
    expect(read(levels.join(''))).toMatchObject({
      ok: false,
      problem: 'aliases repeat more than 1000 characters',
    });
  });

  it('counts what aliases repeat by characters, values and keys', () => {
    const text = (aliases: number) =>
      `---\na: &x\n  b${'c'.repeat(95)}:\n  - de\nf:\n${'- *x\n'.repeat(aliases)}`;
    // 1 of the map, 96 of its key, 1 of the list and 3 of its scalar: 101.
    expect(read(text(9))).toMatchObject({ ok: true });
    expect(read(text(10))).toMatchObject({ ok: false });
  });
});

describe('a scalar without quotes', () => {
  it.each([
    'fixture',
    '1.0.0',
    'a',
    'n',
    'y',
    '.',
    '-',
    '-a',
    '+a',
    '1e3',
    '08',
    'yes.rb',
    '>= 1',
    'Null-1',
    '\u00e9.rb',
  ])('is a text: %s', (text) => {
    expect(isText(text)).toBe(true);
  });
  it.each([
    '',
    '~',
    'null',
    'Null',
    'true',
    'no',
    'OFF',
    '1',
    '-1',
    '1_000',
    '1,000',
    '0x1f',
    '0b1',
    '017',
    '1.0',
    '.5',
    '+.inf',
    '.NaN',
    '12:30',
    '12:30:45.5',
    '2020-01-01',
    '2020-01-01 00:00:00 Z',
    ':a',
    ':"a b"',
    'no\u017f',
  ])('may be something else: %s', (text) => {
    expect(isText(text)).toBe(false);
  });
});

describe('long runs of spaces', () => {
  // A reader that is quadratic in them does not come to an end within the time of a test.
  it.each<[string, (spaces: string) => string, (spaces: string) => unknown]>([
    ['in a text', (spaces) => `---\na: b${spaces}c\n`, (spaces) => ({ a: `b${spaces}c` })],
    [
      'in its next line',
      (spaces) => `---\na: b\n  c${spaces}d\n`,
      (spaces) => ({ a: `b c${spaces}d` }),
    ],
    ['behind a text', (spaces) => `---\na: b${spaces}\n`, () => ({ a: 'b' })],
  ])('are read %s', (_, text, value) => {
    const spaces = ' '.repeat(1_000_000);
    expect(valueOf(text(spaces)), 'the value').toEqual(value(spaces));
  });
});
