/** A verdict written by hand, so that reports are tested without the rules. */
import type { Finding, Verdict } from '@tarwarden/core';

export const SHA512 = '0f'.repeat(64);

export const linked: Finding = {
  rule: 'symlink',
  level: 'error',
  message: 'The entry is a symbolic link: it points to "../../outside"',
  entry: 'package/link',
  entryIndex: 2,
  offset: 2048,
};

export const twice: Finding = {
  rule: 'repeated-directory',
  level: 'warning',
  message:
    'The entry creates a folder that already exists, and some extractors fail there: "package/./a" after "package/a"',
  entry: 'package/./a',
};

export const note: Finding = {
  rule: 'duplicate-path-identical',
  level: 'note',
  message: 'Two entries with the same content have the same path: "package/./a" after "package/a"',
  entry: 'package/./a',
};

export const second: Finding = {
  rule: 'gzip-trailing',
  code: 'gzip-second-member',
  level: 'error',
  message: 'A second gzip member follows: at byte 120',
  offset: 120,
};

export function verdictOf(findings: readonly Finding[], more: Partial<Verdict> = {}): Verdict {
  const rejected = findings.some((one) => one.level === 'error' && one.excepted === undefined);
  return {
    status: rejected ? 'reject' : 'accept',
    format: 'npm',
    findings,
    omitted: 0,
    archive: {
      sha512: SHA512,
      integrity: 'sha512-Dw8PDw==',
      compressedBytes: 300,
      unpackedBytes: 4096,
      entries: 3,
    },
    manifest: { name: 'sample', version: '1.2.3' },
    ...more,
  };
}
