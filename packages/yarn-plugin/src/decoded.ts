import type { Verdict } from '@tarwarden/core';
import type { YarnSubject } from './subject.ts';

/** Yarn decodes a response according to this header before the guard sees it. */
export const DECODED: string =
  'Yarn got a tar that is not compressed, as it does where a registry or proxy calls the .tgz itself encoded ' +
  '(content-encoding: gzip); nothing is known of an attack';
export const DECODED_REMEDY = 'Have that server send the file without this header.';

/** Whether the only error in a registry's tarball is that it is not compressed. */
export function isDecoded({ findings, omitted }: Verdict, { expected }: YarnSubject): boolean {
  if (expected === undefined || omitted > 0) return false;
  const errors = findings.filter(
    ({ level, excepted }) => level === 'error' && excepted === undefined,
  );
  return errors.every(({ rule }) => rule === 'uncompressed-archive');
}
