import { createHash } from 'node:crypto';
import { inspect } from '@tarwarden/core';
import { integrityOf, sha512Of } from '@tarwarden/guard';
import { describe, expect, it } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

const hex = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');

describe('a SHA-512 that the caller has computed', () => {
  it('changes nothing of the verdict', () => {
    const bytes = tgz();
    expect(inspect(bytes, { sha512: hex(bytes) })).toEqual(inspect(bytes));
  });

  it('changes nothing of the verdict on a Yarn archive', () => {
    const bytes = yarnZip();
    const format = 'yarn-zip';
    expect(inspect(bytes, { format, sha512: hex(bytes) })).toEqual(inspect(bytes, { format }));
  });

  it.each([
    ['half of one', 'ab'],
    ['capitals', 'A'.repeat(128)],
    ['an integrity', integrityOf(tgz())],
    ['nothing', ''],
  ])('is refused where it is none: %s', (_what, sha512) => {
    expect(() => inspect(tgz(), { sha512 })).toThrow(TypeError);
  });
});

describe('sha512Of', () => {
  it('is the digest that an integrity names', () => {
    const bytes = tgz();
    expect(sha512Of(integrityOf(bytes))).toBe(hex(bytes));
    expect(sha512Of(`sha1-AAAA ${integrityOf(bytes)}?option`)).toBe(hex(bytes));
  });

  it.each([
    ['none', undefined],
    ['SHA-1 alone', 'sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0='],
    ['two of them', `${integrityOf(tgz())} ${integrityOf(Buffer.from('x'))}`],
    ['one that is cut short', 'sha512-AAAA'],
    ['SHA-256', 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  ])('is undefined for %s', (_what, integrity) => {
    expect(sha512Of(integrity)).toBeUndefined();
  });
});
