import { describe, expect, it } from 'vitest';
import { Addresses } from '../../../../packages/audit/src/requests/addresses.ts';

function has(spec: string, url: string): boolean {
  const addresses = new Addresses();
  addresses.add(spec);
  return addresses.has(url);
}

const CODELOAD = 'https://codeload.github.com/Some/repo.js/tar.gz/0123abc';

describe('an address that a project asks for', () => {
  it.each([
    ['https://x.test/a.tgz', 'https://x.test/a.tgz'],
    ['https://x.test/a.tgz#sha1', 'https://x.test/a.tgz'],
    ['some/repo.js', CODELOAD],
    ['some/repo.js#semver:^1', CODELOAD],
    ['github:some/repo.js', CODELOAD],
    ['git+https://github.com/some/repo.js.git#main', CODELOAD],
    ['git+ssh://git@github.com/some/repo.js', CODELOAD],
    ['git@github.com:some/repo.js.git', CODELOAD],
    ['https://user:pass@github.com/some/repo.js.git', CODELOAD],
    ['gitlab:o/r', 'https://gitlab.com/api/v4/projects/o%2Fr/repository/archive.tar.gz?ref=1'],
    ['https://gitlab.com/o/r.git', 'https://gitlab.com/o/r/-/archive/1/r-1.tar.gz'],
    ['bitbucket:o/r', 'https://bitbucket.org/o/r/get/1.tar.gz'],
  ])('%s: %s', (spec, url) => expect(has(spec, url)).toBe(true));

  it.each([
    ['https://x.test/a.tgz', 'https://x.test/b.tgz'],
    ['https://x.test/a.tgz', 'https://y.test/a.tgz'],
    ['^1.0.0', 'https://x.test/a.tgz'],
    ['other/repo.js', CODELOAD],
    ['gitlab:some/repo.js', CODELOAD],
    ['https://evil.test/github.com/some/repo.js', CODELOAD],
    ['https://github.com.evil.test/some/repo.js', CODELOAD],
    ['some/repo.js', 'https://codeload.github.com.evil.test/some/repo.js/tar.gz/1'],
    ['some/repo.js', 'https://evil.test/?https://codeload.github.com/some/repo.js/tar.gz/1'],
  ])('is none: %s: %s', (spec, url) => expect(has(spec, url)).toBe(false));
});
