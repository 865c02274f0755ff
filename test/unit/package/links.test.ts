import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { judged, packageWith } from '../../support/judged.ts';
import { entry } from '../../support/tar.ts';

const policy = { ...DEFAULT_POLICY, links: 'contained' } as const;

/** Links `0` → `1` → … → index.js: the first of them leads through all the others. */
const chain = (length: number): Buffer[] =>
  Array.from({ length }, (_, index) =>
    entry({
      name: `package/${index}`,
      typeflag: '2',
      linkname: index === length - 1 ? 'index.js' : `${index + 1}`,
    }),
  );

describe('the links that are followed for one path', () => {
  it('are 40, as on Linux', () => {
    const verdict = judged(packageWith(...chain(41)), { policy });
    expect(verdict.of('escaping-link')).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('are no more: only the paths that lead through 41 are refused', () => {
    const verdict = judged(packageWith(...chain(43)), { policy });
    expect(verdict.status).toBe('reject');
    const found = verdict.of('escaping-link');
    expect(found.map((finding) => finding.entry)).toEqual(['package/0', 'package/1']);
    for (const finding of found) {
      expect(finding.message).toContain('more than 40 links have to be followed');
    }
  });

  it('are counted where each link doubles the way', () => {
    // 2^30 steps, if they were all taken.
    const links = Array.from({ length: 30 }, (_, index) =>
      entry({
        name: `package/${index}`,
        typeflag: '2',
        linkname: index === 29 ? '.' : `${index + 1}/${index + 1}`,
      }),
    );
    const verdict = judged(packageWith(...links), { policy });
    expect(verdict.status).toBe('reject');
    expect(verdict.of('escaping-link')[0]?.message).toContain('more than 40 links');
  });
});
