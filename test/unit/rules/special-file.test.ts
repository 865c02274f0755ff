import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

describe('character-device', () => {
  const RULE = 'character-device';

  it('rejects it, and names the entry', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/odd', typeflag: '3', devmajor: 5, devminor: 0 })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/odd', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['an ordinary file of that name', { name: 'package/odd', body: 'x' }],
    ['a folder', { name: 'package/odd/', typeflag: '5', mode: 0o755 }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('block-device', () => {
  const RULE = 'block-device';

  it('rejects it, and names the entry', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/odd', typeflag: '4', devmajor: 7, devminor: 0 })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/odd', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['an ordinary file of that name', { name: 'package/odd', body: 'x' }],
    ['a folder', { name: 'package/odd/', typeflag: '5', mode: 0o755 }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('fifo', () => {
  const RULE = 'fifo';

  it('rejects it, and names the entry', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/odd', typeflag: '6' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/odd', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['an ordinary file of that name', { name: 'package/odd', body: 'x' }],
    ['a folder', { name: 'package/odd/', typeflag: '5', mode: 0o755 }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('contiguous-file', () => {
  const RULE = 'contiguous-file';

  it('rejects a contiguous file', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', typeflag: '7', body: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['an ordinary file', { name: 'package/x.js', body: 'x' }],
    ['the old spelling of one', { name: 'package/x.js', typeflag: 0, body: 'x' }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('unknown-typeflag', () => {
  const RULE = 'unknown-typeflag';

  it('rejects an unknown type', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', typeflag: 'Z', body: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a byte that is not a letter', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', typeflag: 0xff })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js' }]);
  });

  it('rejects the types of GNU and Solaris', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a', typeflag: 'D' }),
        entry({ name: 'package/b', typeflag: 'M' }),
        entry({ name: 'package/c', typeflag: 'X' }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/a' },
      { level: 'error', entry: 'package/b' },
      { level: 'error', entry: 'package/c' },
    ]);
  });

  it('is silent about files, in both spellings, and folders', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a.js', typeflag: 0 }),
        entry({ name: 'package/lib/', typeflag: '5' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
