import { describe, expect, it } from 'vitest';
import { requestedPackage } from '../../../../packages/audit/src/requests/check.ts';

describe('what a range asks for', () => {
  it.each([
    ['^4.0.0', { name: 'a', range: '^4.0.0' }],
    ['', { name: 'a', range: '' }],
    ['>=1 <2 || 3', { name: 'a', range: '>=1 <2 || 3' }],
    ['latest', { name: 'a' }],
    ['npm:b@^1', { name: 'b', range: '^1' }],
    ['npm:@s/b@1.0.0', { name: '@s/b', range: '1.0.0' }],
    ['npm:@s/b@next', { name: '@s/b' }],
    ['npm:b', { name: 'b' }],
    ['npm:^1.0.0', { name: 'a', range: '^1.0.0' }],
  ])('%j is asked of a registry', (range, expected) =>
    expect(requestedPackage('a', range, 'package-lock')).toEqual({ type: 'registry', ...expected }),
  );

  it('a word after npm: is a tag for Yarn 2 and newer', () =>
    expect(requestedPackage('a', 'npm:next', 'yarn-berry')).toEqual({
      type: 'registry',
      name: 'a',
    }));

  it.each(['workspace:^', 'link:../b', 'portal:../b', 'file:./b.tgz'])('%j is local', (range) =>
    expect(requestedPackage('a', range, 'pnpm-lock')).toEqual({ type: 'local' }),
  );

  it('Yarn 1 knows no workspace:', () =>
    expect(requestedPackage('a', 'workspace:^', 'yarn-classic')).toBeUndefined());

  it.each([
    'https://x.test/a.tgz',
    'github:o/r',
    'o/r',
    'git+ssh://git@x.test/r.git',
    'patch:a@npm%3A1.0.0#./a.patch',
    'jsr:@s/b@1',
    'catalog:',
    '^'.repeat(10_000),
  ])('%s is asked of others', (range) =>
    expect(requestedPackage('a', range, 'pnpm-lock')).toBeUndefined(),
  );
});
