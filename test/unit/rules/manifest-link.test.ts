import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'manifest-link';

describe('manifest-link', () => {
  it('rejects a link instead of package.json', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [entry({ name: 'package/package.json', typeflag: '2', linkname: 'x.json' })],
      }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/package.json' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder', () => {
    const verdict = inspected(
      tgz({ manifest: null, entries: [entry({ name: 'package/package.json/', typeflag: '5' })] }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/package.json' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects it where links are allowed', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [entry({ name: 'package/package.json', typeflag: '2', linkname: 'x.json' })],
      }),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['an ordinary package.json', tgz()],
    ['the old spelling of a file', tgz({ defaults: { typeflag: 0 } })],
  ])('is silent about %s', (_, archive) => {
    const verdict = inspected(archive);
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
