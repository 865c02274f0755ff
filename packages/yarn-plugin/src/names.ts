/* The names under which the guard remembers archives. */
import type { Verdict } from '@tarwarden/core';
import type { VerdictKey } from '@tarwarden/host';
import type { YarnSubject } from './subject.ts';

/** The keys under which a verdict is remembered. None for a verdict with an exception, which depends on more than the key. */
export function yarnVerdictKeys(
  { status, findings, archive }: Verdict,
  subject: YarnSubject,
): VerdictKey[] {
  const excepted = findings.some(({ excepted: exception }) => exception !== undefined);
  return status === 'accept' && !excepted ? [keyOf(archive.sha512, subject)] : [];
}

export function keyOf(archive: string, { expected }: YarnSubject): VerdictKey {
  const integrity = `sha512-${Buffer.from(archive, 'hex').toString('base64')}`;
  return { integrity, format: 'yarn-zip', ...(expected && { expected }) };
}

export function linkName(archive: string): string {
  return `yarn-zip:tarball-of:${archive}`;
}
