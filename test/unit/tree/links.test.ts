import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { inspected, packageWith } from '../../support/inspected.ts';
import { LinkWalk } from '../../../packages/core/src/tree/links.ts';
import { contentsOf, symlink } from '../../support/contents.ts';
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
    const verdict = inspected(packageWith(...chain(41)), { policy });
    expect(verdict.of('escaping-link')).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('are no more: only the paths that lead through 41 are refused', () => {
    const verdict = inspected(packageWith(...chain(43)), { policy });
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
    const verdict = inspected(packageWith(...links), { policy });
    expect(verdict.status).toBe('reject');
    expect(verdict.of('escaping-link')[0]?.message).toContain('more than 40 links');
  });
});

describe('the components of all links of an archive', () => {
  const [one] = contentsOf([symlink('a')]).entries;
  const link = (linkpath: string): { entry: NonNullable<typeof one>; key: string } => ({
    entry: { ...one!, linkpath },
    key: 'a',
  });
  const tooMany = 'more than 100000 components of links have to be followed';
  const long = (components: number): string => 'x/'.repeat(components - 1) + 'x';

  it('are followed up to a hundred thousand, and then none', () => {
    const walk = new LinkWalk(new Map());
    const escape = (components: number): string | undefined =>
      walk.escapeOf(link(long(components)), 'package');
    expect([escape(99_999), escape(1), escape(1), escape(1)]).toEqual([
      undefined,
      undefined,
      undefined,
      tooMany,
    ]);
  });

  it('are counted on the way as well', () => {
    const walk = new LinkWalk(new Map([['b', { ...link(long(5)), key: 'b' }]]));
    expect(walk.escapeOf(link(`b/${long(100_000)}`), 'package')).toBe(tooMany);
  });
});
