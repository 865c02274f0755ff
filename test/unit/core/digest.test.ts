import { createHash } from 'node:crypto';
import { DEFAULT_POLICY, inspect, withDigest, type Exception } from '@tarwarden/core';
import { integrityOf, sha512Of } from '@tarwarden/host';
import { describe, expect, it } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { tgz } from '../../support/pkg.ts';
import { yarnZip } from '../../support/yarn-zip.ts';
import { zipSymlink } from '../../support/zip.ts';

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

describe('a digest that is deferred', () => {
  const deferred = { digest: 'deferred' } as const;

  it.each([
    ['a tarball', tgz(), {}],
    ['a hostile one', attack('symlink').build(), {}],
    ['a Yarn archive', yarnZip(), { format: 'yarn-zip' } as const],
  ])('completes the verdict on %s later', (_what, bytes, options) => {
    const verdict = inspect(bytes, { ...options, ...deferred });
    expect(verdict.archive).not.toHaveProperty('sha512');
    expect(verdict.archive).not.toHaveProperty('integrity');
    const whole = withDigest(verdict, hex(bytes));
    // The order of fields is that of the JSON reports.
    expect(JSON.stringify(whole)).toBe(JSON.stringify(inspect(bytes, options)));
  });

  const exceptionFor = (sha512: string): Exception => ({
    package: 'fixture@1.0.0',
    rule: 'symlink',
    sha512,
    reason: 'known',
    expires: '9999-12-31',
  });

  it('lets no exception hold', () => {
    const bytes = attack('symlink').build();
    const policy = { ...DEFAULT_POLICY, exceptions: [exceptionFor(hex(bytes))] };
    expect(inspect(bytes, { policy }).status).toBe('accept');
    expect(inspect(bytes, { policy, ...deferred })).toMatchObject({
      status: 'reject',
      findings: [{ rule: 'symlink', level: 'error' }],
    });
  });

  it('lets none of the tarball hold for the archive that was made of it', () => {
    const tarball = hex(tgz());
    const bytes = yarnZip({ entries: [zipSymlink('node_modules/fixture/link', 'index.js')] });
    const policy = { ...DEFAULT_POLICY, exceptions: [exceptionFor(tarball)] };
    const options = { format: 'yarn-zip', convertedFrom: tarball, policy } as const;
    expect(inspect(bytes, options).status).toBe('accept');
    expect(inspect(bytes, { ...options, ...deferred }).status).toBe('reject');
  });

  it('takes nothing that is not a digest afterwards', () => {
    const verdict = inspect(tgz(), deferred);
    expect(() => withDigest(verdict, 'ab')).toThrow(TypeError);
    expect(() => withDigest(verdict, hex(tgz()).toUpperCase())).toThrow(TypeError);
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
