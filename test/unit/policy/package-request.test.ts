import { readPackageRequest } from '@tarwarden/core/policy';
import { describe, expect, it } from 'vitest';

describe('a package that a user names', () => {
  it.each([
    ['left-pad@1.3.0', 'npm', 'left-pad', '1.3.0'],
    ['@babel/core@7.26.0-rc.1+b.2', 'npm', '@babel/core', '7.26.0-rc.1+b.2'],
    ['npm:left-pad@1.3.0', 'npm', 'left-pad', '1.3.0'],
    ['pypi:Flask-SQLAlchemy@1!2.0.post1', 'pypi', 'Flask-SQLAlchemy', '1!2.0.post1'],
    ['gem:nokogiri@1.16.0-x86_64-linux', 'rubygems', 'nokogiri', '1.16.0-x86_64-linux'],
    ['gem:rack@3.1', 'rubygems', 'rack', '3.1'],
    ['go:golang.org/x/text@v0.14.0', 'go', 'golang.org/x/text', 'v0.14.0'],
    [
      'go:github.com/BurntSushi/toml@v1.0.0+incompatible',
      'go',
      'github.com/BurntSushi/toml',
      'v1.0.0+incompatible',
    ],
  ])('is read from %s', (text, ecosystem, name, version) => {
    expect(readPackageRequest(text)).toEqual({ ecosystem, name, version });
  });

  it.each([
    ['left-pad@latest', 'is not an exact version'],
    ['left-pad@^1.3.0', 'Did you mean left-pad@1.3.0?'],
    ['left-pad@v1.3.0', 'Did you mean left-pad@1.3.0?'],
    ['left-pad@1.3', 'npm view left-pad versions'],
    ['left-pad@', 'has no version'],
    ['left-pad', 'has no version'],
    ['@babel/core', 'has no version'],
    ['npm:left-pad', 'has no version'],
    ['left-pad@1.3.0/../x', 'is not an exact version'],
    ['npm:../evil@1.0.0', 'is not the name of a package'],
    ['npm:@../evil@1.0.0', 'is not the name of a package'],
    ['requests==2.32.3', 'Did you mean pypi:requests@2.32.3?'],
    ['pypi:requests==2.32.3', 'Did you mean pypi:requests@2.32.3?'],
    ['pypi:requests>=2', 'is not the name of a package'],
    ['pypi:re/../quests@2', 'is not the name of a package'],
    ['pypi:requests@2.*', 'pip index versions requests'],
    ['gem:rack@~> 3.1', 'Did you mean gem:rack@3.1?'],
    ['gem:rack:3.1', 'Did you mean gem:rack@3.1?'],
    ['gem:../rack@3.1', 'is not the name of a package'],
    ['gem:rack@3.1-../../x', 'is not an exact version'],
    ['golang.org/x/text@v0.14.0', 'Did you mean go:golang.org/x/text@v0.14.0?'],
    ['go:golang.org/x/text@0.14.0', 'Did you mean go:golang.org/x/text@v0.14.0?'],
    ['go:golang.org/x/../text@v0.14.0', 'is not the name of a package'],
    ['go:golang.org/x/text@latest', 'go list -m -versions golang.org/x/text'],
  ])('is not read from %s, and the message says what to type', (text, message) => {
    expect(readPackageRequest(text)).toEqual({
      problem: expect.stringContaining(message) as string,
    });
  });

  it.each([
    './left-pad@1.3.0',
    '/tmp/left-pad@1.3.0',
    '../left-pad@1.3.0',
    '~/left-pad@1.3.0',
    'C:\\left-pad@1.3.0',
    'left-pad-1.3.0.tgz',
    'vendor/left-pad-1.3.0.tgz',
    'https://example.com/a.tgz',
    'file:left-pad-1.3.0.tgz',
    '-',
    '',
  ])('is not meant by %s, which is a path or an address', (text) => {
    expect(readPackageRequest(text)).toBeUndefined();
  });

  it('has no control character in a message', () => {
    const { problem } = readPackageRequest('npm:left\u001b[31m-pad@1') as { problem: string };
    expect(problem).not.toContain('\u001b');
  });
});
