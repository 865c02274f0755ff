/** Which specifiers name a folder or file of this machine, held against npm's own parser. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLocalSpecifier } from '@tarwarden/guard';
import { runtimeFolder } from '../../support/managers.ts';

const npa = createRequire(join(runtimeFolder('npm-11'), 'package.json'))('npm-package-arg') as {
  resolve(name: string, specifier: string, folder: string): { type: string };
};

/** What npm takes it for; undefined where npm cannot read it. */
function npmType(specifier: string): string | undefined {
  try {
    return npa.resolve('a', specifier, '/project').type;
  } catch {
    return undefined;
  }
}

const local = [
  'file:x',
  'file:../x',
  'file:/x',
  'file:///x',
  'file://x',
  'file:~/x',
  'file:x.tgz',
  'FILE:x',
  'File:../x',
  ' file:x',
  'link:x',
  'link:../x',
  'link:/x',
  'LINK:../x',
  'portal:../x',
  'portal:/x',
  'exec:./make.js',
  'path:../x',
  'git+file:///x',
  'git+file:///x#semver:^1.0.0',
  'workspace:../x',
  'workspace:./x',
  'workspace:/x',
  'workspace:packages/x',
  'workspace:.',
  'workspace:..',
  '.',
  '..',
  './x',
  '../x',
  '../../x.tgz',
  '/x',
  '/x/y.tgz',
  '~/x',
  '~/x.tgz',
  '.x/y',
  '.\\x',
  '..\\x',
  '\\\\host\\x',
  'C:\\x',
  'c:/x',
  'C:x',
  'x.tgz',
  'x/y.tar.gz',
  'a/b.tar',
  'a/b/c',
  'a/b/c#d',
  'a\\b',
  '@s/a/b',
];

const remote = [
  '',
  '*',
  '1.0.0',
  '^1.0.0 || >=2 <3',
  '~1.2',
  '1.x',
  'latest',
  'next-11',
  'npm:a@1.0.0',
  'npm:@s/a@^1.0.0',
  'jsr:@s/a@1',
  'workspace:*',
  'workspace:^',
  'workspace:^1.0.0',
  'workspace:a@*',
  'workspace:@s/a@*',
  'catalog:',
  'catalog:react18',
  'user/repository',
  'user/repository#branch',
  'user/repository#feature/x',
  'user/repository#semver:^1.0.0',
  'github:user/repository',
  'gitlab:group/sub/repository',
  'git@github.com:user/repository.git',
  'git+ssh://git@host.example/a/b.git',
  'git+https://host.example/a.git#path:/sub',
  'git://host.example/a.git',
  'https://host.example/a/b.tgz',
  'http://host.example/a.tar.gz',
  'patch:a@npm%3A1.0.0#~/.yarn/patches/a.patch',
];

describe('isLocalSpecifier', () => {
  it.each(local)('is true of %j', (specifier) => {
    expect(isLocalSpecifier(specifier)).toBe(true);
  });

  it.each(remote)('is false of %j', (specifier) => {
    expect(isLocalSpecifier(specifier)).toBe(false);
    expect(['file', 'directory']).not.toContain(npmType(specifier));
  });

  it('is true of whatever npm takes for a folder or file', () => {
    const byNpm = local.filter((text) => ['file', 'directory'].includes(npmType(text) ?? ''));
    expect(byNpm.length).toBeGreaterThan(20);
    expect(byNpm.filter((text) => !isLocalSpecifier(text))).toEqual([]);
  });
});
