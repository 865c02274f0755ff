import { describe, expect, it } from 'vitest';
import {
  originOf,
  parseScannerQuestion,
  QuestionError,
} from '../../../packages/bun-wrapper/src/question.ts';

const isToken = (text: string): boolean => text === 't';
const here = { os: 'linux', cpu: 'x64' };
const asked = { name: 'a', version: '1.0.0', tarball: 'https://r.example/a/-/a-1.0.0.tgz' };

describe('parseQuestion', () => {
  it('takes what the scanner sends', () => {
    const packages = [{ ...asked, more: 1 }];
    const line = JSON.stringify({ token: 't', cwd: '/p', platform: { ...here, n: 1 }, packages });
    expect(parseScannerQuestion(line, isToken)).toEqual({
      cwd: '/p',
      platform: here,
      packages: [asked],
    });
  });

  it.each([
    'no json',
    'null',
    '[]',
    '{"token":"x","cwd":"/p","packages":[]}',
    '{"token":"t","packages":[]}',
    '{"token":"t","cwd":"/p","packages":{}}',
    '{"token":"t","cwd":"/p","packages":[]}',
    '{"token":"t","cwd":"/p","platform":{"os":"linux"},"packages":[]}',
    '{"token":"t","cwd":"/p","platform":{"os":"linux","cpu":"x64"},"packages":[null]}',
    '{"token":"t","cwd":"/p","platform":{"os":"linux","cpu":"x64"},"packages":[{"name":"a","version":1,"tarball":""}]}',
  ])('does not answer %s', (line) => {
    expect(() => parseScannerQuestion(line, isToken)).toThrow(QuestionError);
  });
});

describe('originOf', () => {
  const from = (version: string, tarball: string) => originOf({ name: 'a', version, tarball });

  it('knows what bun 1.4.5 says', () => {
    const url = 'http://r.example/t.tgz';
    expect(originOf(asked)).toEqual({ type: 'registry', url: asked.tarball });
    expect(from('1.0.0-rc.1+b', url)).toEqual({ type: 'registry', url });
    expect(from(url, url)).toEqual({ type: 'url', url });
    expect(from('./t.tgz', './t.tgz')).toEqual({ type: 'file', path: './t.tgz' });
    expect(from('file:dir', '')).toEqual({ type: 'folder', path: 'dir' });
    expect(from('link:lll', '')).toEqual({ type: 'link' });
    for (const version of ['git+https://g.example/g.git#0123', 'git+ssh://git@g.example/g.git#0'])
      expect(from(version, '')).toEqual({ type: 'repository' });
    expect(from('github:o/r#abc', 'https://api.github.com/repos/o/r/tarball/abc')).toEqual({
      type: 'repository',
    });
  });

  it('knows nothing of the rest', () => {
    expect(from('1.0.0', '')).toBeUndefined();
    expect(from('1.0.0', '/etc/passwd')).toBeUndefined();
    expect(from('workspace:x', '')).toBeUndefined();
  });
});
