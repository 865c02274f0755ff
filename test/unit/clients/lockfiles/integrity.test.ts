import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isAmbiguous, isWeak, readLockfile, type Integrity } from '@tarwarden/clients/lockfiles';

const sri = (algorithm: string): string =>
  `${algorithm}-${createHash(algorithm).update('x').digest('base64')}`;

function integrityOf(text: string): Integrity | undefined {
  const lock = {
    lockfileVersion: 3,
    packages: { 'node_modules/a': { version: '1.0.0', integrity: text } },
  };
  return readLockfile('package-lock.json', JSON.stringify(lock)).packages[0]?.integrity;
}

describe('an integrity', () => {
  it('may have several hashes', () => {
    const both = `${sri('sha1')} ${sri('sha512')}?option`;
    expect(integrityOf(both)).toEqual({ type: 'sri', value: both.replace('?option', '') });
  });

  it.each(['', 'sha512-', 'sha512-abc', 'md5-abcd', `sha999-${'A'.repeat(88)}`, 'x'.repeat(9999)])(
    'that cannot be checked is none: %.20s',
    (text) => expect(integrityOf(text)).toBeUndefined(),
  );

  it('is ambiguous where several hashes of the strongest kind are right', () => {
    const ambiguous = (text: string): boolean => isAmbiguous({ type: 'sri', value: text });
    const other = `sha512-${'B'.repeat(86)}==`;
    expect(ambiguous(`${sri('sha512')} ${other}`)).toBe(true);
    expect(ambiguous(`${sri('sha512')} ${sri('sha512')}`)).toBe(false);
    expect(ambiguous(`${sri('sha512')} ${sri('sha1')}`)).toBe(false);
  });

  it('is weak where SHA-1 is the best of it', () => {
    const weak = (text: string): boolean => isWeak({ type: 'sri', value: text });
    expect(weak(sri('sha1'))).toBe(true);
    expect(weak(`${sri('sha1')} ${sri('sha256')}`)).toBe(false);
    expect(isWeak({ type: 'go-h1', value: 'h1:' })).toBe(false);
  });
});
