import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'invalid-number';

describe('invalid-number', () => {
  it.each([
    ['a mode that is not a number', '0000x44\0'],
    ['a mode of spaces', '        '],
    ['digits after the end of a number', '644 755\0'],
  ])('rejects %s', (_, text) => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', mode: { text } })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects an empty mode, which pnpm 12 refuses', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', mode: null })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each(['uid', 'gid', 'mtime'])('rejects %s of spaces, which GNU tar refuses', (field) => {
    const text = ' '.repeat(field === 'mtime' ? 12 : 8);
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', [field]: { text } })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js' }]);
  });

  it('rejects an owner past 32 bits, which GNU tar refuses, and takes the largest one', () => {
    const withOwner = (uid: bigint): ReturnType<typeof inspected> =>
      inspected(packageWith(entry({ name: 'package/x.js', uid: { base256: uid } })));
    expect(withOwner(2n ** 32n).of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/x.js' },
    ]);
    expect(withOwner(2n ** 32n - 1n).of(RULE)).toEqual([]);
  });

  it('rejects an owner that is not a number', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uid: { text: 'root\0' } })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a device number that is none', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', devmajor: { text: '0x00\0' } })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects it on an extended header', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }, { mode: { text: '9999999\0' } }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about empty owner and time', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uid: null, gid: null, mtime: null })),
    );
    expectSilent(verdict, RULE);
  });

  it.each([
    ['numbers that end in space and NUL', { text: '000765 \0' }],
    ['owners in binary form', { base256: 2_000_000_001n }],
  ])('is silent about %s', (_, uid) => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js', uid }))), RULE);
  });
});
