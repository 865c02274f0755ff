import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'bin-escapes';

describe('bin-escapes', () => {
  it.each([
    ['a target outside the package', { tool: '../../../evil.sh' }],
    ['an absolute target', { tool: '/bin/sh' }],
    ['a climb by backslashes', { tool: '..\\..\\evil.js' }],
    ['a name that leaves .bin', { '../../evil': 'index.js' }],
    ['a single target outside', '../evil.js'],
    ['a target in a list', ['../evil.js']],
  ])('rejects %s', (_, bin) => {
    const verdict = inspected(tgz({ manifest: { bin } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it.each([
    ['targets with and without `./`', { a: './index.js', b: 'index.js' }],
    ['a way through a folder and back', { a: 'lib/../index.js' }],
    ['a scoped command', { '@scope/a': 'index.js' }],
  ])('is silent about %s', (_, bin) => {
    expectSilent(inspected(tgz({ manifest: { bin } })), RULE);
  });
});
