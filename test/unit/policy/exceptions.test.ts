import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect, type Exception } from '@tarwarden/core';
import { unmatchedExceptions } from '@tarwarden/core/policy';
import { symlink } from '../../support/attacks/links.ts';

const bytes = symlink.build({ name: 'linked', version: '1.0.0' });
const { sha512 } = inspect(bytes).archive;
const exception: Exception = {
  package: 'linked@1.0.0',
  rule: 'symlink',
  entry: 'package/link',
  sha512,
  reason: 'reviewed',
  expires: '2026-06-15',
};

function inspectWith(exceptions: readonly Exception[], today = '2026-06-15') {
  const policy = { ...DEFAULT_POLICY, exceptions, today };
  const verdict = inspect(bytes, { policy });
  return { policy, verdict, unmatched: unmatchedExceptions(policy, [{ verdict }]) };
}

describe('an exception', () => {
  it('lets exactly its finding pass, and says so', () => {
    const { verdict, unmatched } = inspectWith([exception]);
    expect(verdict.status).toBe('accept');
    expect(verdict.findings).toMatchObject([
      { rule: 'symlink', level: 'error', entry: 'package/link', excepted: 'reviewed' },
    ]);
    expect(unmatched).toEqual([]);
  });

  it('without an entry covers every finding of its rule', () => {
    const { entry: _, ...whole } = exception;
    expect(inspectWith([whole]).verdict.status).toBe('accept');
  });

  it.each([
    ['another package', { package: 'linked@1.0.1' }],
    ['a package whose name only starts alike', { package: 'linked@1.0.0-x' }],
    ['another rule', { rule: 'hardlink' as const }],
    ['another entry', { entry: 'package/link2' }],
    ['other bytes', { sha512: sha512.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }],
  ])('for %s changes nothing', (_, change) => {
    const { verdict } = inspectWith([{ ...exception, ...change }]);
    expect(verdict.status).toBe('reject');
    expect(verdict.findings.every((one) => one.excepted === undefined)).toBe(true);
  });

  it('holds on its last day and not on the next', () => {
    expect(inspectWith([exception], '2026-06-15').verdict.status).toBe('accept');
    expect(inspectWith([exception], '2026-06-16').verdict.status).toBe('reject');
  });

  it('never holds under the built-in policy, which knows no day', () => {
    const policy = { ...DEFAULT_POLICY, exceptions: [exception] };
    expect(inspect(bytes, { policy }).status).toBe('reject');
  });

  it('is for the package that was asked for, where somebody asked', () => {
    const policy = { ...DEFAULT_POLICY, exceptions: [exception], today: '2026-06-15' };
    const expected = { name: 'other', version: '1.0.0' };
    expect(inspect(bytes, { policy, expected }).status).toBe('reject');
  });
});

describe('unmatchedExceptions', () => {
  it('names those for a package that was inspected and matched nothing in it', () => {
    const changed = { ...exception, sha512: 'b'.repeat(128) };
    const gone = { ...exception, rule: 'hardlink' as const };
    expect(inspectWith([exception, changed, gone]).unmatched).toEqual([changed, gone]);
  });

  it('is silent about packages that nobody inspected, and about what has expired', () => {
    const elsewhere = { ...exception, package: 'elsewhere@1.0.0' };
    const expired = { ...exception, entry: 'nothing', expires: '2020-01-01' };
    expect(inspectWith([elsewhere, expired]).unmatched).toEqual([]);
  });

  it('goes by the name that was asked for, where the caller knows it', () => {
    const asked = { ...exception, package: 'alias@1.0.0', entry: 'nothing' };
    const { policy, verdict } = inspectWith([asked]);
    expect(unmatchedExceptions(policy, [{ package: 'alias@1.0.0', verdict }])).toEqual([asked]);
  });
});
