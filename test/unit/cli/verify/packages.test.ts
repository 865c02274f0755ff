import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { trialPackage } from '@tarwarden/guard/trial-archives';

const rulesOf = (bytes: Uint8Array) => {
  const { status, findings } = inspect(bytes, { expected: { name: 'a', version: '1.0.0' } });
  return { status, rules: findings.map(({ rule }) => rule) };
};

describe('the packages of verify', () => {
  it('are a clean one, without a word', () => {
    expect(rulesOf(trialPackage('a', 'clean').bytes)).toEqual({ status: 'accept', rules: [] });
  });

  it('are one that two rules reject, and each of them alone', () => {
    const { bytes } = trialPackage('a', 'canary');
    expect(rulesOf(bytes)).toEqual({ status: 'reject', rules: ['symlink', 'duplicate-path'] });
    for (const rule of ['duplicate-path', 'symlink'] as const) {
      const levels = { ...DEFAULT_POLICY.levels, [rule]: 'off' as const };
      expect(inspect(bytes, { policy: { ...DEFAULT_POLICY, levels } }).status).toBe('reject');
    }
  });

  it('hold nothing that leaves them', () => {
    const { bytes } = trialPackage('a', 'canary');
    const policy = { ...DEFAULT_POLICY, links: 'contained' as const };
    expect(inspect(bytes, { policy }).findings.map(({ rule }) => rule)).not.toContain(
      'escaping-link',
    );
  });
});
