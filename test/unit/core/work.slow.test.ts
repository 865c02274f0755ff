/** What an archive can make the core do, counted: no clock is asked. `bench worst` has the times. */
import { randomBytes } from 'node:crypto';
import { DEFAULT_LIMITS, DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../../packages/core/src/containers/entry.ts';
import {
  MAX_ALL_EXTENDED_BYTES,
  MAX_ALL_PAX_RECORDS,
  MAX_CLASHES,
  MAX_FOUND_PER_RULE,
  MAX_HEADERS_BEFORE_ENTRY,
  MAX_LINK_STEPS,
  MAX_PATH_TEXT,
} from '../../../packages/core/src/limits.ts';
import { TarReader } from '../../../packages/core/src/containers/tar/reader.ts';
import { LinkWalk, type Link } from '../../../packages/core/src/tree/links.ts';
import { gzip } from '../../support/gzip.ts';
import { inspected, packageWith } from '../../support/inspected.ts';
import { pkg } from '../../support/pkg.ts';
import { archive, end, entry, header, pax, type Part } from '../../support/tar.ts';

const work = vi.hoisted(() => ({ folded: 0 }));
// The real caps need archives of megabytes: what counts is that each one holds.
vi.mock('../../../packages/core/src/limits.ts', async (original) => ({
  ...(await original<typeof import('../../../packages/core/src/limits.ts')>()),
  MAX_PATH_TEXT: 60_000,
  MAX_ALL_PAX_RECORDS: 2000,
  MAX_ALL_EXTENDED_BYTES: 200_000,
  MAX_LINK_STEPS: 10_000,
  MAX_CLASHES: 50,
}));
vi.mock('../../../packages/core/src/tree/name-folding.ts', async (original) => {
  const real = await original<typeof import('../../../packages/core/src/tree/name-folding.ts')>();
  return {
    ...real,
    foldName: (name: string): string => {
      const folded = real.foldName(name);
      work.folded += name.length + folded.length;
      return folded;
    },
  };
});

beforeEach(() => void (work.folded = 0));

const packed = (...parts: Part[]): Buffer =>
  gzip(archive(pkg({ tail: [] }), parts, end()), { level: 1 });
const many = (count: number, make: (index: number) => Part): Part[] =>
  Array.from({ length: count }, (_, index) => make(index));
const named = (path: string): Part => [
  pax({ path }),
  header({ name: Buffer.from(path).subarray(0, 98) }),
];

describe('names are folded', () => {
  it('once for each name, however many rules and entries ask', () => {
    const verdict = inspected(
      packageWith(...many(50, (index) => named(`package/.é\u3042/.ö/${index}.js`))),
    );
    expect(verdict.status).toBe('accept');
    expect(work.folded).toBeLessThan(20);
  });

  it('only so many, for all that they count', () => {
    const accented = (count: number): Buffer =>
      packed(...many(count, (index) => named(`package/${index}${'é'.repeat(40)}`)));
    expect(inspected(accented(20)).status).toBe('accept');
    expect(inspect(accented(70)).findings.map(({ rule }) => rule)).toContain('archive-limit');
    const plain = many(70, (index) => named(`package/${index}${'e'.repeat(80)}`));
    expect(inspected(packed(...plain)).status).toBe('accept');
  });

  it('not at all where the path is longer than any may be', () => {
    inspected(packageWith(...many(50, (index) => named(`package/${index}/${'é'.repeat(2000)}`))));
    expect(work.folded).toBe(0);
  });

  it.each([
    ['of 18 letters for one', '\ufdfa', 330],
    ['that fold to nothing', '\u17b4', 330],
    ['with marks', 'é', 490],
  ])('until what all paths come to is too much: names %s', (_what, letter, count) => {
    const entries = 300;
    const bytes = packed(
      ...many(entries, (index) => named(`package/${index}${letter.repeat(count)}`)),
    );
    const verdict = inspect(bytes);
    expect(verdict.status).toBe('reject');
    expect(verdict.findings.map(({ rule }) => rule)).toContain('archive-limit');
    expect(verdict.archive.entries).toBeLessThan(entries);
    // The name that goes past it is folded whole.
    expect(work.folded).toBeLessThan(MAX_PATH_TEXT + 20 * 330);
  });
});

describe('reading stops', () => {
  const found = (verdict: ReturnType<typeof inspect>): string[] =>
    verdict.findings.filter(({ level }) => level === 'error').map(({ rule }) => rule);
  const last = entry({ name: 'package/last', body: 'x' });

  it('at the same entry, however the bytes are cut', () => {
    const bytes = packed(
      ...many(20, (index) => header({ name: `package/${index}/${'d/'.repeat(20)}f` })),
      ...many(30, (index) => named(`package/${index}/${'d/'.repeat(60)}f`)),
    );
    const whole = inspect(bytes);
    expect(found(whole)).toContain('archive-limit');
    expect(whole.archive.entries).toBeLessThan(52);
    expect(inspect(bytes, { pieceBytes: 11 })).toEqual(whole);
  });

  it('past so many records in all extended headers', () => {
    const records = Array.from({ length: 500 }, (_, at) => [`k${at}`, '1'] as const);
    const heads = Math.ceil(MAX_ALL_PAX_RECORDS / 500);
    const entries = (count: number): Part[] =>
      many(count, (index) => [pax(records), header({ name: `package/${index}` })]);
    expect(inspected(packed(...entries(heads), last)).status).toBe('accept');
    const verdict = inspect(packed(...entries(heads + 1), last));
    expect(found(verdict)).toEqual(['extended-header-malformed']);
    expect(verdict.archive.entries).toBeLessThan(heads + 3);
  });

  it('past so many bytes in all extended headers', () => {
    const one = pax({ comment: 'x'.repeat(60_000) });
    const heads = Math.ceil(MAX_ALL_EXTENDED_BYTES / 60_000);
    const verdict = inspect(
      packed(...many(heads + 2, (index) => [one, header({ name: `package/${index}` })]), last),
    );
    expect(found(verdict)).toContain('extended-header-malformed');
    expect(verdict.archive.entries).toBeLessThan(heads + 3);
  });

  it('past so many extended headers before one entry', () => {
    const before = (count: number): Buffer =>
      packed(
        many(count, () => pax({ comment: 'x' })),
        last,
      );
    expect(found(inspect(before(MAX_HEADERS_BEFORE_ENTRY)))).not.toContain('archive-limit');
    expect(found(inspect(before(MAX_HEADERS_BEFORE_ENTRY + 1)))).toContain('archive-limit');
    expect(
      inspected(
        packed(
          ...many(MAX_HEADERS_BEFORE_ENTRY + 5, (at) => [
            pax({ comment: 'x' }),
            header({ name: `package/${at}` }),
          ]),
        ),
      ).status,
    ).toBe('accept');
  });

  it('past as many extended headers as there may be entries', () => {
    const policy = { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 10 } };
    const entries = (count: number): Buffer =>
      packed(...many(count, (index) => named(`package/${'d'.repeat(100)}${index}`)));
    expect(inspect(entries(8), { policy }).status).toBe('accept');
    const globals = packed(
      many(11, () => pax({ comment: 'x' }, { typeflag: 'g' })),
      last,
    );
    expect(found(inspect(globals, { policy }))).toContain('archive-limit');
  });
});

describe('files of an odd mode', () => {
  it('are reported however many there are, and however much the scripts say', () => {
    const install = Array.from({ length: 8_000 }, (_, at) => `s${at}`).join(' ');
    const entries = many(5_000, (at) => entry({ name: `package/s${at + 7_990}`, mode: 0o654 }));
    const verdict = inspected(gzip(pkg({ manifest: { scripts: { install } }, entries })));
    expect(verdict.status).toBe('reject');
    expect(verdict.of('execute-without-owner')).toHaveLength(10);
    expect(verdict.of('executable-for-others')).toHaveLength(20);
  });
});

describe('two entries at one path', () => {
  const twice = (pairs: number): Buffer =>
    packed(...many(pairs + 1, () => entry({ name: 'package/a', body: 'x' })));

  it('are compared so many times, and count as different after', () => {
    expect(inspected(twice(MAX_CLASHES)).of('duplicate-path')).toEqual([]);
    expect(inspected(twice(MAX_CLASHES + 1)).of('duplicate-path')).toHaveLength(1);
    // Of notes it is not counted how many are left out.
    const levels = { 'duplicate-path-identical': 'warning' } as const;
    const policy = { ...DEFAULT_POLICY, levels };
    const { findings, omitted } = inspect(twice(MAX_CLASHES + 40), { policy });
    expect(findings.length + omitted).toBe(MAX_CLASHES + 1);
  });

  it('are read again only as far as the last of them', () => {
    const read = vi.spyOn(TarReader.prototype, 'push');
    const pieces = (...parts: Part[]): number => {
      read.mockClear();
      inspect(packed(...parts), { pieceBytes: 512 });
      return read.mock.calls.length;
    };
    const long = many(100, (at) => entry({ name: `package/${at}`, body: randomBytes(5000) }));
    const [a, b] = [entry({ name: 'package/a', body: 'x' }), entry({ name: 'package/b' })];
    const once = pieces(a, b, ...long);
    expect(pieces(a, a, ...long) - once).toBeLessThan(once / 10);
    expect(pieces(a, ...long, a) - once).toBeGreaterThan(once / 2);
  });

  it('of package.json are reported whatever else appears twice', () => {
    const bytes = packed(
      ...many(MAX_CLASHES + 40, () => entry({ name: 'package/a', body: 'x' })),
      entry({ name: 'package/package.json', body: '{"name":"fixture","version":"2.0.0"}' }),
    );
    expect(inspect(bytes).findings.map(({ rule }) => rule)).toContain('manifest-duplicate');
  });
});

describe('what is wrong many times', () => {
  const observed = ({ findings, omitted }: ReturnType<typeof inspect>): number =>
    findings.length + omitted;

  it('is asked of no more entries by a rule that found enough', () => {
    const bytes = packed(
      ...many(MAX_FOUND_PER_RULE + 300, (at) => header({ name: `package/${at}?` })),
    );
    const verdict = inspect(bytes);
    expect(new Set(verdict.findings.map(({ rule }) => rule))).toEqual(
      new Set(['windows-character']),
    );
    expect(observed(verdict)).toBe(MAX_FOUND_PER_RULE);
  });

  it('of one PAX header is reported as often as it is kept, each kind by itself', () => {
    const records = Array.from({ length: 300 }, () => ['path', 'package/x'] as const);
    const head = pax([...records, ['size', 'x']]);
    const verdict = inspect(packed(head, header({ name: 'package/x' })));
    expect(verdict.findings.map(({ rule }) => rule)).toContain('ambiguous-size');
    expect(observed(verdict)).toBeLessThanOrEqual(22);
  });

  it('in package.json is parsed once for all that repeat it', () => {
    const again = Array.from({ length: 500 }, (_, at) => `"scripts":{"a":"${at}"}`).join();
    const manifest = Buffer.from(`{"name":"fixture","scripts":{"a":"first"},${again}}`);
    const parse = vi.spyOn(JSON, 'parse');
    try {
      inspect(gzip(archive(pkg({ manifest, tail: [] }), end())));
      const firsts = parse.mock.calls.filter(([text]) => String(text).trim() === '{"a":"first"}');
      expect(firsts).toHaveLength(1);
    } finally {
      parse.mockRestore();
    }
  });
});

describe('scripts that are given again and again', () => {
  it('are each parsed once, the first as well', () => {
    const long = `"scripts":{"build":"${'x'.repeat(1000)}"}`;
    const text = `{"name":"fixture","version":"1.0.0",${long}${',"scripts":{}'.repeat(500)}}`;
    const bytes = gzip(pkg({ manifest: Buffer.from(text) }));
    const parse = vi.spyOn(JSON, 'parse');
    const verdict = inspect(bytes);
    const parsed = parse.mock.calls.reduce((sum, [one]) => sum + one.length, 0);
    parse.mockRestore();
    expect(verdict.status).toBe('accept');
    expect(parsed).toBeLessThan(3 * text.length);
  });
});

describe('links of one archive', () => {
  class CountedLinks extends Map<string, Link> {
    asked = 0;
    override get(key: string): Link | undefined {
      this.asked++;
      return super.get(key);
    }
  }
  const linkAt = (key: string, linkpath: string): Link => ({
    key,
    entry: { typeflag: 0x32, linkpath, path: `package/${key}` } as Entry,
  });

  it('are followed so many steps in all, and count as leading out after', () => {
    const links = new CountedLinks();
    for (let at = 0; at < 100; at++)
      links.set(`l${at}`, linkAt(`l${at}`, `${'d/../'.repeat(500)}l${at + 1}`));
    const walk = new LinkWalk(links);
    const reasons = [...links.values()].map((link) => walk.escapeOf(link, 'package'));
    expect(reasons.at(-1)).toMatch(/components of links/);
    // A target is taken whole, and may name as many components as it has bytes.
    expect(links.asked).toBeLessThan(MAX_LINK_STEPS + 2000);
  });

  it('are all followed where a package has many', () => {
    const links = new Map<string, Link>();
    for (let at = 0; at < 500; at++)
      links.set(`a/b/l${at}`, linkAt(`a/b/l${at}`, `../../c/d/e/f${at}`));
    const walk = new LinkWalk(links);
    expect([...links.values()].flatMap((link) => walk.escapeOf(link, 'package') ?? [])).toEqual([]);
  });
});
