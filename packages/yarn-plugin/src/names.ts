/* Under which names something is remembered of archives and of what Yarn links. */
import type { Verdict } from '@tarwarden/core';
import type { VerdictKey } from '@tarwarden/host';
import type { Subject } from './subject.ts';

/** What is remembered of an archive: not what an exception for its tarball lets pass, which depends on more than the key. */
export function keysOf({ status, findings, archive }: Verdict, subject: Subject): VerdictKey[] {
  const excepted = findings.some((one) => one.excepted !== undefined);
  return status === 'accept' && !excepted ? [keyOf(archive.sha512, subject)] : [];
}

export function keyOf(archive: string, { expected }: Subject): VerdictKey {
  const integrity = `sha512-${Buffer.from(archive, 'hex').toString('base64')}`;
  return { integrity, format: 'yarn-zip', ...(expected && { expected }) };
}

export function madeName(place: string): string {
  return `yarn-made:${place}`;
}

export function linkName(archive: string): string {
  return `yarn-zip:tarball-of:${archive}`;
}
