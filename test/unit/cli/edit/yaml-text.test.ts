import { describe, expect, it } from 'vitest';
import {
  ifSaying,
  withFirstItem,
  withLinesAtEnd,
  withoutLines,
  yamlData,
} from '../../../../packages/cli/src/edit/yaml-text.ts';

describe('yamlData', () => {
  it('reads nothing that has aliases, which can stand for more than memory holds', () => {
    const lists = ['&b', '&c', '&d'].map(
      (name, at) => `${'abcd'[at + 1]}: ${name} [${`*${'abcd'[at]},`.repeat(9)}]`,
    );
    expect(yamlData(['a: &a [x]', ...lists].join('\n'))).toHaveProperty('cannot');
    expect(yamlData('a: "*.js"\nb: R&D\nc: x & y\n')).toHaveProperty('data');
  });
});

describe('withLinesAtEnd', () => {
  it('ends the text as it ended, and uses its line ends and indentation', () => {
    expect(withLinesAtEnd('a: 1\n', ['b: 2'])).toEqual({ text: 'a: 1\nb: 2\n' });
    expect(withLinesAtEnd('a: 1', ['b: 2'])).toEqual({ text: 'a: 1\nb: 2' });
    expect(withLinesAtEnd('a: 1\r\n', ['b: 2'])).toEqual({ text: 'a: 1\r\nb: 2\r\n' });
    expect(withLinesAtEnd('\uFEFF  a: 1\n', ['b: 2'])).toEqual({
      text: '\uFEFF  a: 1\n  b: 2\n',
    });
    expect(withLinesAtEnd('# only this\n', ['b: 2'])).toEqual({ text: '# only this\nb: 2\n' });
    expect(withLinesAtEnd('', ['b: 2'])).toEqual({ text: 'b: 2' });
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a list', '- a\n'],
    ['one line', '{ a: 1 }\n'],
    ['two documents', 'a: 1\n---\nb: 1\n'],
    ['no YAML', 'a: "\n'],
    ['brackets in brackets', `a: ${'['.repeat(50_000)}\n`],
    ['too much', `a: ${'x'.repeat(300_000)}\n`],
  ])('changes no text with %s', (_, text) => {
    expect(withLinesAtEnd(text, ['b: 2'])).toEqual({ cannot: expect.any(String) });
  });
});

describe('withFirstItem', () => {
  it('puts an item before the first, with its indentation', () => {
    const item = ['- path: x', '  checksum: y'];
    expect(withFirstItem('p:\n  # mine\n  - a # b\n', 'p', item)).toEqual({
      text: 'p:\n  # mine\n  - path: x\n    checksum: y\n  - a # b\n',
    });
    expect(withFirstItem('\uFEFFp:\r\n- a\r\nq: 1', 'p', item)).toEqual({
      text: '\uFEFFp:\r\n- path: x\r\n  checksum: y\r\n- a\r\nq: 1',
    });
  });

  it.each(['p: [a]\n', 'p: []\n', 'p:\n', 'p: a\n', 'p:\n  a: 1\n'])('changes no %j', (text) => {
    expect(withFirstItem(text, 'p', ['- b'])).toEqual({ cannot: expect.any(String) });
  });
});

describe('withoutLines', () => {
  it('takes the line end before a block that ends the text without one', () => {
    expect(withoutLines('a\nb\n', 2, 4)).toBe('a\n');
    expect(withoutLines('a\r\nb', 3, 4)).toBe('a');
    expect(withoutLines('b', 0, 1)).toBe('');
  });
});

describe('yamlData', () => {
  it('reads what is no mapping, or no YAML, as unknown', () => {
    for (const text of ['- a\n', 'a: "', 'a: 1\na: 2\n', 'x'])
      expect(yamlData(text)).toEqual({ cannot: expect.any(String) });
    expect(yamlData('# nothing\n')).toEqual({ data: {} });
  });

  it('keeps a key that objects have a meaning for', () => {
    const read = yamlData('__proto__: 1\n');
    expect('data' in read && Object.keys(read.data)).toEqual(['__proto__']);
    expect(ifSaying('__proto__: 1\n', {})).toEqual({ cannot: expect.any(String) });
  });
});
