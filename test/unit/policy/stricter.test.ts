import { describe, expect, it } from 'vitest';
import { unmatchedExceptions } from '../../../packages/core/src/policy/exceptions.ts';
import { stricterOf } from '../../../packages/core/src/policy/merge.ts';
import { DEFAULT_POLICY, type Exception } from '../../../packages/core/src/policy/policy.ts';
import type { Finding, Verdict } from '../../../packages/core/src/finding/verdict.ts';

const exception: Exception = {
  package: 'a@1.0.0',
  rule: 'symlink',
  sha512: 'aa',
  reason: 'known',
  expires: '2026-06-15',
};

describe('files of equal rights', () => {
  it('say nothing where none does', () => {
    const nothing = { levels: {}, limits: {}, exceptions: [] };
    expect(stricterOf([])).toStrictEqual(nothing);
    expect(stricterOf([{}, {}])).toStrictEqual(nothing);
  });

  it('are as strict as the strictest, value by value, in any order', () => {
    const one = {
      levels: { symlink: 'warning', hardlink: 'error', fifo: 'off' },
      limits: { depth: 5, entries: 9 },
    } as const;
    const other = {
      levels: { symlink: 'error', hardlink: 'off', fifo: 'warning' },
      limits: { depth: 7, ratio: 2 },
    } as const;
    const both = {
      levels: { symlink: 'error', hardlink: 'error', fifo: 'warning' },
      limits: { depth: 5, entries: 9, ratio: 2 },
      exceptions: [],
    };
    expect(stricterOf([one, other])).toStrictEqual(both);
    expect(stricterOf([other, one])).toStrictEqual(both);
  });

  it.each([
    [['report'], 'report'],
    [['report', 'refuse'], 'refuse'],
    [['refuse', 'report'], 'refuse'],
  ] as const)('refuse where one of %j does', (modes, mode) => {
    expect(stricterOf(modes.map((one) => ({ mode: one }))).mode).toBe(mode);
  });

  it('allow links only where none of them rejects', () => {
    expect(stricterOf([{}, { links: 'contained' }])).toHaveProperty('links', 'contained');
    expect(stricterOf([{ links: 'contained' }, { links: 'reject' }])).toHaveProperty(
      'links',
      'reject',
    );
    expect(stricterOf([{ links: 'reject' }, { links: 'contained' }])).toHaveProperty(
      'links',
      'reject',
    );
    expect(stricterOf([{}])).not.toHaveProperty('links');
  });

  it('except what each of them excepts', () => {
    const second = { ...exception, rule: 'hardlink' } as const;
    expect(
      stricterOf([{ exceptions: [exception] }, {}, { exceptions: [second] }]).exceptions,
    ).toEqual([exception, second]);
  });
});

describe('exceptions that match nothing', () => {
  const finding: Finding = { rule: 'symlink', level: 'error', message: 'm', entry: 'package/a' };
  const verdict = (more: Partial<Verdict> = {}): Verdict => ({
    status: 'accept',
    format: 'npm',
    findings: [finding],
    omitted: 0,
    archive: { sha512: 'aa', integrity: '', compressedBytes: 1, unpackedBytes: 1, entries: 1 },
    manifest: { name: 'a', version: '1.0.0' },
    ...more,
  });
  const unmatched = (
    change: Partial<Exception>,
    ...inspected: { package?: string; verdict: Verdict }[]
  ) =>
    unmatchedExceptions(
      { ...DEFAULT_POLICY, today: '2026-06-15', exceptions: [{ ...exception, ...change }] },
      inspected,
    ).length === 1;

  it('are those of a package that was inspected, and had no such finding', () => {
    expect(unmatched({}, { verdict: verdict() })).toBe(false);
    expect(unmatched({ entry: 'package/a' }, { verdict: verdict() })).toBe(false);
    expect(unmatched({ entry: 'package/b' }, { verdict: verdict() })).toBe(true);
    expect(unmatched({ rule: 'hardlink' }, { verdict: verdict() })).toBe(true);
    expect(unmatched({}, { verdict: verdict({ findings: [] }) })).toBe(true);
    expect(unmatched({ sha512: 'bb' }, { verdict: verdict() })).toBe(true);
    const more = verdict({ findings: [{ ...finding, rule: 'special-file' }, finding] });
    expect(unmatched({}, { verdict: more })).toBe(false);
  });

  it('are not reported where nobody looked, or where they no longer hold', () => {
    expect(unmatched({})).toBe(false);
    expect(unmatched({ package: 'b@1.0.0' }, { verdict: verdict() })).toBe(false);
    expect(unmatched({ rule: 'hardlink', expires: '2026-06-14' }, { verdict: verdict() })).toBe(
      false,
    );
    for (const manifest of [{ name: 'a' }, { version: '1.0.0' }, {}]) {
      const anonymous = verdict({ manifest, findings: [] });
      expect(unmatched({}, { verdict: anonymous })).toBe(false);
      expect(unmatched({ package: 'undefined@undefined' }, { verdict: anonymous })).toBe(false);
      expect(unmatched({ package: 'a@undefined' }, { verdict: anonymous })).toBe(false);
      expect(unmatched({ package: 'undefined@1.0.0' }, { verdict: anonymous })).toBe(false);
    }
  });

  it('go by the name that was asked for', () => {
    const asked = { package: 'b@1.0.0', verdict: verdict({ findings: [] }) };
    expect(unmatched({}, asked)).toBe(false);
    expect(unmatched({ package: 'b@1.0.0' }, asked)).toBe(true);
    const same = { package: 'b@1.0.0', verdict: verdict() };
    const other = { package: 'c@1.0.0', verdict: verdict() };
    expect(unmatched({ package: 'b@1.0.0' }, other, same)).toBe(false);
    expect(unmatched({ package: 'b@1.0.0', sha512: 'bb' }, same, other)).toBe(true);
  });
});
