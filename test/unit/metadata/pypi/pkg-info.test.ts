import { describe, expect, it } from 'vitest';
import { MAX_HEADER_FIELDS } from '../../../../packages/core/src/limits.ts';
import { readPkgInfo } from '../../../../packages/core/src/metadata/pypi/pkg-info.ts';

const read = (text: string): ReturnType<typeof readPkgInfo> => readPkgInfo(Buffer.from(text));

describe('readPkgInfo', () => {
  // Each was seen in real packages.
  it.each([
    ['a description that names another', 'Name: a\nVersion: 1\n\nName: b\n'],
    ['carriage returns', 'Name: a\r\nVersion: 1\r\n\r\nName: b\r\n'],
    ['no description', 'Name: a\nVersion: 1'],
    ['folded lines', 'Name: a\nVersion: 1\nLicense: MIT\n        and more\n'],
    ['a folded description', 'Name: a\nVersion: 1\nDescription: x\n        Version: 0.9\n'],
    ['a description that nothing sets apart', 'Name: a\nVersion: 1\nSummary: x\n# Title\nMore\n'],
  ])('takes %s', (_what, text) => {
    expect(read(text)).toEqual({ ok: true, name: 'a', version: '1' });
  });

  it('takes a version from before PEP 440', () => {
    expect(read('Name: a\nVersion: 2004d\n')).toMatchObject({ ok: true, version: '2004d' });
  });

  it.each([
    ['', 'it has 0 fields "name"'],
    ['Version: 1\n', 'it has 0 fields "name"'],
    ['\nName: a\nVersion: 1\n', 'it has 0 fields "name"'],
    ['Name: a\n', 'it has 0 fields "version"'],
    ['Name: a\nNAME: b\nVersion: 1\n', 'it has 2 fields "name"'],
    ['Name: a\nVersion: 1\nVersion: 1\n', 'it has 2 fields "version"'],
    ['Name: a\rName: b\nVersion: 1\n', 'it has 2 fields "name"'],
    ['Name: a\n b\nVersion: 1\n', 'its name is "a\\nb"'],
    ['Name: ../a\nVersion: 1\n', 'its name is "../a"'],
    ['Name: a\nVersion: 1 2\n', 'its version is "1 2"'],
    [' Name: a\nVersion: 1\n', 'it has 0 fields "name"'],
    ['Name: a\nVersion: 1\nodd\nName: b\n', 'some readers take "Name: b" as a field'],
    ['Name: a\nVersion: 1\nName : b\n', 'some readers take "Name : b" as a field'],
    ['Name: a\nVersion: 1\n\ufeffName: b\n', 'some readers take "\\ufeffName: b" as a field'],
  ])('%j: %s', (text, problem) => {
    expect(read(text)).toEqual({ ok: false, problem });
  });

  it('takes no bytes that are not UTF-8', () => {
    const bytes = Buffer.from('Name: a\nVersion: 1\nAuthor: \xe4\n', 'latin1');
    expect(readPkgInfo(bytes)).toEqual({ ok: false, problem: 'it is not UTF-8' });
  });

  it('takes no more fields than anybody has', () => {
    const fields = 'Classifier: x\n'.repeat(MAX_HEADER_FIELDS);
    expect(read(`Name: a\nVersion: 1\n${fields}`)).toMatchObject({ ok: false });
  });
});
