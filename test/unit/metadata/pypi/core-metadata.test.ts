import { describe, expect, it } from 'vitest';
import { readCoreMetadata } from '../../../../packages/core/src/metadata/pypi/core-metadata.ts';
import { readHeaderFields } from '../../../../packages/core/src/metadata/pypi/header-fields.ts';
import { MAX_HEADER_FIELDS } from '../../../../packages/core/src/limits.ts';

const of = (text: string): ReturnType<typeof readCoreMetadata> =>
  readCoreMetadata(Buffer.from(text));

describe('readCoreMetadata', () => {
  it('reads name and version', () => {
    const text = 'Metadata-Version: 2.1\nName: Some.Project\nVersion: 1.0\n\nName: other\n';
    expect(of(text)).toEqual({ name: 'Some.Project', version: '1.0', wrong: [] });
  });

  it.each(['\n', '\r\n', '\r'])('reads lines that end in %j', (end) => {
    expect(of(['name:a', 'VERSION: 1', '', 'x'].join(end))).toEqual({
      name: 'a',
      version: '1',
      wrong: [],
    });
  });

  it('reads a header block that no blank line ends', () => {
    expect(of('Name: a\nVersion: 1')).toEqual({ name: 'a', version: '1', wrong: [] });
  });

  it.each([
    ['Name: a\n', 'it has no field "version"'],
    ['Name:\nVersion: 1\n', 'it has no field "name"'],
    ['Name: a\nName: b\nVersion: 1\n', 'it has 2 fields "name"'],
    [`Name: ${'a'.repeat(256)}\nVersion: 1\n`, 'its name has more than 255 characters'],
    [' Name: a\n', 'the first line continues none'],
    ['Name: a\nVersion: 1\nno field\n', 'line 3 is not a field'],
    ['Name: a\nVersion: 1\nna me: x\n', 'line 3 is not a field'],
  ])('reports %j', (text, wrong) => {
    expect(of(text).wrong).toContain(wrong);
  });

  it('reads no more fields than the limit', () => {
    const many = `Name: a\nVersion: 1\n${'X: y\n'.repeat(MAX_HEADER_FIELDS)}`;
    expect(of(many).wrong).toEqual([`more than ${MAX_HEADER_FIELDS} lines of fields`]);
  });
});

describe('readHeaderFields', () => {
  it('joins folded lines', () => {
    const { fields } = readHeaderFields(Buffer.from('Summary: one\n  two\n\tthree\nName: a\n'));
    expect(fields).toEqual([
      { name: 'summary', value: 'one\ntwo\nthree' },
      { name: 'name', value: 'a' },
    ]);
  });

  it.each([
    'Summary: a\n Version: 9.9\nName: a\nVersion: 1\n',
    'Name: a\nSummary: a\n\tversion:9.9\nVersion: 1\n',
    'Name: a\n  VERSION : 9.9\nVersion: 1\n',
    'Summary: a\n \u3000Name: b\nName: a\nVersion: 1\n',
  ])('finds a name or version in the continuation of a field before it: %j', (text) => {
    expect(of(text).wrong).toContain('some readers find another name or version within a field');
  });

  it('takes a description that has such lines, behind name and version', () => {
    const text =
      'Name: a\nVersion: 1\nDescription: Changes\n        Version: 0.9\n        Name: old\n';
    expect(of(text).wrong).toEqual([]);
  });

  it('finds a name behind several ends of lines for Python alone, and reads a million of them', () => {
    const wrong = ['some readers find another name or version within a field'];
    const head = 'Name: a\nVersion: 1\nSummary: x';
    expect(of(`${head}\v \f\vname\v:b\n`)).toMatchObject({ wrong });
    expect(of(`${head}${'\v'.repeat(1_000_000)}\n`)).toMatchObject({ wrong: [] });
  });
});
