import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'planted-git';

describe('planted-git', () => {
  it('rejects a .git folder', () => {
    const verdict = judged(packageWith(entry({ name: 'package/.git/config', body: 'x' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/.git/config', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one in another case, and deeper', () => {
    const verdict = judged(packageWith(entry({ name: 'package/lib/.GIT/hooks/post-checkout' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a .git file', () => {
    const verdict = judged(packageWith(entry({ name: 'package/.git', body: 'gitdir: ../x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects the short name of NTFS', () => {
    const verdict = judged(packageWith(entry({ name: 'package/git~1/config' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one with a character that HFS+ ignores', () => {
    const verdict = judged(packageWith(entry({ name: 'package/.g\u200cit/config' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    'GI1A2B~1/config',
    '.g\u3164it/config',
    '.gi\u{e0074}t/config',
    'lib/.GI\u{e0100}T/hooks/post-checkout',
  ])('rejects the same file by another name: %s', (name) => {
    const verdict = judged(packageWith(entry({ name: `package/${name}`, body: 'x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about files that only configure git', () => {
    const verdict = judged(
      tgz({ files: { '.gitattributes': '', '.gitignore': '', '.github/ci.yml': '' } }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a folder named git', () => {
    const verdict = judged(tgz({ files: { 'git/index.js': '' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
