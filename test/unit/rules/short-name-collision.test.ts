import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'short-name-collision';

describe('short-name-collision', () => {
  it('rejects the short name of package.json', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/PACKAG~1.JSO', body: '{}' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/PACKAG~1.JSO', entryIndex: 2 },
    ]);
  });

  it.each([
    ['lib/second~1.js', 'lib/second file.js'],
    ['lib/second~3.js', 'lib/.second-file.js'],
    ['lib/secon~12.js', 'lib/secondary.js'],
    ['lib/se1a2f~1.js', 'lib/secondary.js'],
    ['lib/decade~1.js', 'lib/decades-ago.js'],
    ['lib/ab~1.tar', 'lib/a.b.target'],
    ['lib/ab_c~1', 'lib/ab+c'],
    ['NODE_M~1/x.js', 'node_modules/y/index.js'],
  ])('rejects %s beside %s', (short, long) => {
    for (const names of [
      [short, long],
      [long, short],
    ]) {
      const verdict = inspected(
        packageWith(...names.map((name) => entry({ name: `package/${name}`, body: 'x' }))),
      );
      expect(verdict.of(RULE)).toHaveLength(1);
      expect(verdict.status).toBe('reject');
    }
  });

  it('is silent about a name that only looks short', () => {
    expectSilent(inspected(tgz({ files: { 'package~1.json': '', 'PACKAG~1.JS': '' } })), RULE);
  });

  it.each([
    ['a~1.js', 'a.js'],
    ['readme~1.md', 'readme.md'],
    ['notes~1.txt', 'other-notes.txt'],
    ['lib/second~1.js', 'second file.js'],
    ['second~1.ts', 'second file.js'],
    ['secondary~1.js', 'secondary.js'],
    ['index.js~', 'index.js'],
    ['se1a2g~1.js', 'secondary.js'],
  ])('is silent about %s beside %s', (name, other) => {
    expectSilent(inspected(tgz({ files: { [name]: '', [other]: '' } })), RULE);
  });
});
