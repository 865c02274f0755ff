import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import {
  conclude,
  type ArchiveToConclude,
  FindingLog,
} from '../../../packages/core/src/policy/finding-log.ts';
import { digestOf } from '../../../packages/core/src/finding/digest.ts';

const bytes = Buffer.from('an archive');
const digest = createHash('sha512').update(bytes).digest();
const inspected: ArchiveToConclude = {
  format: 'npm',
  ecosystem: 'npm',
  sha512: digest.toString('hex'),
  size: { compressedBytes: 1, unpackedBytes: 2, entries: 3 },
  claimed: undefined,
  expected: {},
};

/** An exception for a link in a package of this name, and whether it holds for what was inspected. */
const excepts = (name: string, facts: Partial<ArchiveToConclude>): boolean => {
  const log = new FindingLog();
  log.add({ code: 'symlink', detail: 'a link' });
  const exception = {
    package: name,
    rule: 'symlink',
    sha512: digest.toString('hex'),
    reason: 'known',
    expires: '9999-12-31',
  } as const;
  const policy = { ...DEFAULT_POLICY, exceptions: [exception] };
  return conclude(log, policy, { ...inspected, ...facts }).status === 'accept';
};

describe('conclude', () => {
  it('says what the bytes are', () => {
    expect(conclude(new FindingLog(), DEFAULT_POLICY, inspected)).toEqual({
      status: 'accept',
      format: 'npm',
      findings: [],
      omitted: 0,
      archive: {
        sha512: digest.toString('hex'),
        integrity: `sha512-${digest.toString('base64')}`,
        compressedBytes: 1,
        unpackedBytes: 2,
        entries: 3,
      },
    });
  });

  it.each([[{ name: 'a', version: '1.0.0' }], [{ name: 'a' }], [{ version: '1.0.0' }], [{}]])(
    'repeats what the archive claims of itself: %o',
    (claimed) => {
      const { manifest } = conclude(new FindingLog(), DEFAULT_POLICY, { ...inspected, claimed });
      expect(manifest).toStrictEqual(claimed);
    },
  );

  it('holds an exception against what was asked for', () => {
    const claimed = { name: 'claimed', version: '2.0.0' };
    const expected = { name: 'asked', version: '1.0.0' };
    expect(excepts('asked@1.0.0', { claimed, expected })).toBe(true);
    expect(excepts('claimed@2.0.0', { claimed, expected })).toBe(false);
  });

  it('holds it against what the archive claims, where nobody asked', () => {
    const claimed = { name: 'claimed', version: '2.0.0' };
    expect(excepts('claimed@2.0.0', { claimed })).toBe(true);
    expect(excepts('asked@2.0.0', { claimed, expected: { name: 'asked' } })).toBe(true);
    expect(excepts('claimed@1.0.0', { claimed, expected: { version: '1.0.0' } })).toBe(true);
  });

  it('takes no half of a name for a package', () => {
    expect(excepts('undefined@undefined', {})).toBe(false);
    expect(excepts('a@undefined', { claimed: { name: 'a' } })).toBe(false);
    expect(excepts('undefined@1.0.0', { claimed: { version: '1.0.0' } })).toBe(false);
  });
});

describe('digestOf', () => {
  const hex = digest.toString('hex');
  it('computes, or takes what was computed', () => {
    expect(digestOf(bytes, undefined)).toBe(hex);
    expect(digestOf(Buffer.from('other'), hex)).toBe(hex);
  });

  it.each([`0${hex}`, `${hex}0`, hex.toUpperCase(), hex.slice(1), '', 'x'.repeat(128)])(
    'takes nothing else for a SHA-512: %s',
    (sha512) => {
      expect(() => digestOf(bytes, sha512)).toThrow(
        new TypeError('sha512: 128 lower-case hex digits are needed'),
      );
    },
  );
});
