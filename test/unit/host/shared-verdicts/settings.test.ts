import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../../../packages/core/src/policy/policy.ts';
import { trustedVerdicts } from '../../../../packages/host/src/shared-verdicts/settings.ts';
import {
  policyFingerprint,
  PolicyFingerprints,
} from '../../../../packages/host/src/verdict-store/policy-fingerprint.ts';
import { sha512Hex, signer, TODAY } from '../../../support/signed-verdicts.ts';

const policy: Policy = { ...DEFAULT_POLICY, today: TODAY };
const ci = signer();

describe('trustedVerdicts', () => {
  const trust = (keys: { key: string; notAfter?: string }[], env: Record<string, string> = {}) =>
    trustedVerdicts({ url: 'https://a.example/', keys }, { env, today: TODAY });

  it('believes nobody without a key that counts', () => {
    expect(trust([])).toBeUndefined();
    expect(trust([{ key: ci.text, notAfter: '2026-11-25' }])).toBeUndefined();
    expect(
      trustedVerdicts(undefined, {
        env: { TARWARDEN_VERDICTS_URL: 'https://b.example/' },
        today: TODAY,
      }),
    ).toBeUndefined();
  });

  it('lets the environment name the store, and switch it off', () => {
    expect(trust([{ key: ci.text }])?.url).toBe('https://a.example/');
    expect(trust([{ key: ci.text }], { TARWARDEN_VERDICTS_URL: 'https://b.example/' })?.url).toBe(
      'https://b.example/',
    );
    expect(trust([{ key: ci.text }], { TARWARDEN_VERDICTS_URL: '' })?.url).toBeUndefined();
  });

  it('has another fingerprint once a key is taken away', () => {
    const other = signer();
    const both = trust([{ key: ci.text }, { key: other.text }])!.fingerprint;
    expect(trust([{ key: other.text }, { key: ci.text }])!.fingerprint).toBe(both);
    expect(trust([{ key: ci.text }])!.fingerprint).not.toBe(both);
    expect(
      trust([{ key: ci.text }, { key: other.text, notAfter: '2026-01-01' }])!.fingerprint,
    ).not.toBe(both);
  });
});

describe('PolicyFingerprints', () => {
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
});
