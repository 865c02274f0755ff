import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, DEFAULT_POLICY, rules } from '@tarwarden/core';
import { exceptionHash } from '../../../packages/core/src/policy/approval.ts';
import { loosenings, mergePolicy } from '../../../packages/core/src/policy/merge.ts';
import type { PolicyFile } from '../../../packages/core/src/policy/schema.ts';

const TODAY = '2026-06-15';
const exception = {
  package: 'a@1.0.0',
  rule: 'symlink' as const,
  sha512: 'a'.repeat(128),
  reason: 'reviewed',
  expires: '2026-12-31',
};

function loosened(file: PolicyFile): string[] {
  return loosenings(file).map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('the mode', () => {
  it.each([
    [undefined, undefined, undefined],
    ['report', undefined, 'report'],
    ['refuse', undefined, undefined],
    ['report', 'refuse', undefined],
    [undefined, 'refuse', undefined],
    // Such a file is not valid, and would not count either.
    [undefined, 'report', undefined],
    ['report', 'report', undefined],
  ] as const)('is that of the user (%s) unless a repository (%s) refuses', (own, other, mode) => {
    const user = own && { mode: own };
    const repository = other && { mode: other };
    expect(mergePolicy({ user, repository }, TODAY).mode).toBe(mode);
  });

  it('is no key of the policy where it is the usual one', () => {
    expect(mergePolicy({ user: { mode: 'refuse' } }, TODAY)).not.toHaveProperty('mode');
  });
});

describe("a repository's policy", () => {
  it('may raise levels, lower limits, reject links and propose exceptions', () => {
    expect(rules['repeated-directory'].level).toBe('warning');
    const file: PolicyFile = {
      levels: { 'repeated-directory': 'error', symlink: 'error' },
      links: 'reject',
      limits: { entries: 10, ratio: DEFAULT_LIMITS.ratio },
      exceptions: [exception],
    };
    expect(loosened(file)).toEqual([]);
    expect(mergePolicy({ repository: file }, TODAY)).toEqual({
      levels: { 'repeated-directory': 'error', symlink: 'error' },
      links: 'reject',
      limits: { ...DEFAULT_LIMITS, entries: 10 },
      exceptions: [],
      proposals: [exception],
      today: TODAY,
    });
  });

  it('may loosen nothing', () => {
    expect(
      loosened({
        mode: 'report',
        levels: { symlink: 'warning', hardlink: 'off', 'repeated-directory': 'off' },
        links: 'contained',
        limits: { entries: DEFAULT_LIMITS.entries + 1, depth: 1 },
      }),
    ).toEqual([
      'levels.symlink may not lower "error" to "warning": only your own policy file may do that, or an exception',
      'levels.hardlink may not lower "error" to "off": only your own policy file may do that, or an exception',
      'levels.repeated-directory may not lower "warning" to "off": only your own policy file may do that, or an exception',
      'mode may not switch refusals off: only your own policy file may do that',
      'links may not allow links: only your own policy file may do that',
      'limits.entries may not be above 50000: only your own policy file may do that',
    ]);
  });

  it('may make an error of a note, and a note of nothing that weighs more', () => {
    expect(rules['duplicate-path-identical'].level).toBe('note');
    const note = { symlink: 'note', 'repeated-directory': 'note' } as const;
    expect(loosened({ levels: { 'duplicate-path-identical': 'warning', ...note } })).toEqual([
      'levels.symlink may not lower "error" to "note": only your own policy file may do that, or an exception',
      'levels.repeated-directory may not lower "warning" to "note": only your own policy file may do that, or an exception',
    ]);
    const repository = {
      levels: { symlink: 'note', 'duplicate-path-identical': 'warning' },
    } as const;
    expect(mergePolicy({ repository }, TODAY).levels).toEqual({
      'duplicate-path-identical': 'warning',
    });
  });

  it('is measured against the built-in policy, so that it is valid on every machine or on none', () => {
    expect(loosened({ levels: { symlink: 'warning' } })).toHaveLength(1);
  });
});

describe('mergePolicy', () => {
  it('gives the built-in policy where nobody configured one', () => {
    expect(mergePolicy({}, TODAY)).toEqual({ ...DEFAULT_POLICY, today: TODAY });
  });

  it("lets the user's own file do everything", () => {
    const user: PolicyFile = {
      levels: { symlink: 'off', hardlink: 'warning' },
      links: 'contained',
      limits: { entries: 1_000_000 },
      exceptions: [exception],
    };
    expect(mergePolicy({ user }, TODAY)).toEqual({
      levels: { symlink: 'off', hardlink: 'warning' },
      links: 'contained',
      limits: { ...DEFAULT_LIMITS, entries: 1_000_000 },
      exceptions: [{ ...exception, approvedBy: 'user' }],
      today: TODAY,
    });
  });

  it('takes the stricter of both files, value by value', () => {
    const merged = mergePolicy(
      {
        user: {
          levels: { symlink: 'off', 'repeated-directory': 'error', hardlink: 'warning' },
          links: 'contained',
          limits: { entries: 1_000_000, depth: 5 },
        },
        repository: {
          levels: { symlink: 'error', 'repeated-directory': 'warning' },
          links: 'reject',
          limits: { entries: 40_000, depth: 10 },
          exceptions: [exception],
        },
      },
      TODAY,
    );
    expect(merged.levels).toEqual({
      symlink: 'error',
      'repeated-directory': 'error',
      hardlink: 'warning',
    });
    expect(merged.links).toBe('reject');
    expect(merged.limits).toEqual({ ...DEFAULT_LIMITS, entries: 40_000, depth: 5 });
    expect(merged.exceptions).toEqual([]);
    expect(merged.proposals).toEqual([exception]);
  });

  it("keeps the user's exceptions, then those of the repository that the user approved", () => {
    const other = { ...exception, package: 'b@1.0.0' };
    const merged = mergePolicy(
      {
        user: { exceptions: [exception] },
        repository: { exceptions: [other] },
        approved: new Set([exceptionHash(other)]),
      },
      TODAY,
    );
    expect(merged.exceptions).toEqual([
      { ...exception, approvedBy: 'user' },
      { ...other, approvedBy: 'repository+user' },
    ]);
  });
});
