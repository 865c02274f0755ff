import { expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import { policyFingerprint } from '@tarwarden/guard';
import { PolicyFingerprints } from '../../../../packages/server/src/gateway/policy-fingerprints.ts';
import { sha512Hex } from '../../../support/verdict-on.ts';

const policy: Policy = { ...DEFAULT_POLICY, today: '2026-11-26' };
const exception = {
  package: 'a@1.0.0',
  rule: 'symlink',
  sha512: sha512Hex('excepted'),
  reason: 'looked at',
  expires: '2027-01-01',
} as const;

it('lets an exception count for its own archive alone', () => {
  const without = new PolicyFingerprints(policy);
  const withOne = new PolicyFingerprints({ ...policy, exceptions: [exception] });
  expect(withOne.of(sha512Hex('bytes'))).toBe(without.of(sha512Hex('bytes')));
  expect(withOne.of(exception.sha512)).not.toBe(without.of(exception.sha512));
});

it('is another for another level or limit, and the same in report mode', () => {
  const one = new PolicyFingerprints(policy).of('');
  expect(new PolicyFingerprints({ ...policy, links: 'contained' }).of('')).not.toBe(one);
  expect(new PolicyFingerprints({ ...policy, levels: { symlink: 'warning' } }).of('')).not.toBe(
    one,
  );
  expect(new PolicyFingerprints({ ...policy, mode: 'report' }).of('')).toBe(one);
  expect(policyFingerprint({ ...policy, mode: 'report' })).not.toBe(policyFingerprint(policy));
});
