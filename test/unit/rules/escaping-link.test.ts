import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'escaping-link';

describe('escaping-link', () => {
  it.each([
    [
      'a way out',
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../../secret' })),
      [{ level: 'error', entry: 'package/link', entryIndex: 2, offset: 2048 }],
    ],
    [
      'an absolute target',
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '/etc' })),
      [{ level: 'error', entry: 'package/link' }],
    ],
    [
      'a way out and back in',
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../fixture/index.js' })),
      [{ level: 'error', entry: 'package/link' }],
    ],
    [
      'a way out through a second link',
      packageWith(
        entry({ name: 'package/d/up', typeflag: '2', linkname: '..' }),
        entry({ name: 'package/x', typeflag: '2', linkname: 'd/up/../../secret' }),
      ),
      [{ level: 'error', entry: 'package/x' }],
    ],
    [
      'a way out through a link of another case',
      packageWith(
        entry({ name: 'package/d/e/Up', typeflag: '2', linkname: '../..' }),
        entry({ name: 'package/x', typeflag: '2', linkname: 'd/e/up/../secret' }),
      ),
      [{ level: 'error', entry: 'package/x' }],
    ],
    [
      'links in a circle',
      packageWith(
        entry({ name: 'package/a', typeflag: '2', linkname: 'b' }),
        entry({ name: 'package/b', typeflag: '2', linkname: 'a' }),
      ),
      [
        { level: 'error', entry: 'package/a' },
        { level: 'error', entry: 'package/b' },
      ],
    ],
    [
      'a hard link to elsewhere',
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: '/etc/passwd' })),
      [{ level: 'error', entry: 'package/hard' }],
    ],
    [
      'a hard link that climbs',
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: 'package/../secret' })),
      [{ level: 'error', entry: 'package/hard' }],
    ],
    [
      'an empty target, a drive and a backslash',
      packageWith(
        entry({ name: 'package/a', typeflag: '2', linkname: '' }),
        entry({ name: 'package/b', typeflag: '2', linkname: 'C:x' }),
        entry({ name: 'package/c', typeflag: '2', linkname: '..\\\\x' }),
      ),
      [
        { level: 'error', entry: 'package/a' },
        { level: 'error', entry: 'package/b' },
        { level: 'error', entry: 'package/c' },
      ],
    ],
  ])('rejects %s', (_, archive, expected) => {
    const verdict = inspected(archive, { policy: { ...DEFAULT_POLICY, links: 'contained' } });
    expectRejected(verdict, RULE, expected);
  });

  it('is silent about links that stay inside', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a', typeflag: '2', linkname: 'index.js' }),
        entry({ name: 'package/d/b', typeflag: '2', linkname: '../index.js' }),
        entry({ name: 'package/hard', typeflag: '1', linkname: 'package/index.js' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about links at all where none is allowed, which other rules reject', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../../secret' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
