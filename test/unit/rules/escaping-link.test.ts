import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'escaping-link';

describe('escaping-link', () => {
  it('rejects a way out', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../../secret' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/link', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an absolute target', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '/etc' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/link' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a way out and back in', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../fixture/index.js' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/link' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a way out through a second link', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/d/up', typeflag: '2', linkname: '..' }),
        entry({ name: 'package/x', typeflag: '2', linkname: 'd/up/../../secret' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a way out through a link of another case', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/d/e/Up', typeflag: '2', linkname: '../..' }),
        entry({ name: 'package/x', typeflag: '2', linkname: 'd/e/up/../secret' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects links in a circle', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a', typeflag: '2', linkname: 'b' }),
        entry({ name: 'package/b', typeflag: '2', linkname: 'a' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/a' },
      { level: 'error', entry: 'package/b' },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a hard link to elsewhere', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: '/etc/passwd' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/hard' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a hard link that climbs', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/hard', typeflag: '1', linkname: 'package/../secret' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/hard' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty target, a drive and a backslash', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a', typeflag: '2', linkname: '' }),
        entry({ name: 'package/b', typeflag: '2', linkname: 'C:x' }),
        entry({ name: 'package/c', typeflag: '2', linkname: '..\\\\x' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/a' },
      { level: 'error', entry: 'package/b' },
      { level: 'error', entry: 'package/c' },
    ]);
    expect(verdict.status).toBe('reject');
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
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about links at all where none is allowed, which other rules reject', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../../secret' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
