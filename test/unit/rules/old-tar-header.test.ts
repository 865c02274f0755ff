import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

describe('tar-blank-magic', () => {
  const RULE = 'tar-blank-magic';

  it('warns of a header without magic', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', magic: 'v7' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'warning', entry: 'package/x.js', entryIndex: 2 },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about POSIX magic', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js' }))), RULE);
  });
});

describe('padded-number', () => {
  const RULE = 'padded-number';

  it('warns of a size that starts with spaces', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '          1 ' } }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', offset: 2048 }]);
    expect(verdict.status).toBe('accept');
  });

  it('warns of a mode that starts with spaces', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', mode: { text: '   644 \0' } })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', entry: 'package/x.js' }]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about leading zeros', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about trailing spaces', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', mode: { text: '0000644 ' } })),
    );
    expectSilent(verdict, RULE);
  });
});
