/** Tars, with right checksums around them: headers, extended headers and the package that they make. */
import { gzip } from '../../support/gzip.ts';
import { inspectInPieces } from './invariants.ts';
import { decodeTar } from './tar-input.ts';

export function archiveOf(data: Buffer): Buffer {
  return gzip(decodeTar(data).tar, { level: 0 });
}

export function fuzz(data: Buffer): void {
  const { tar, lengths, policy } = decodeTar(data);
  const tgz = gzip(tar, { level: 0 });
  inspectInPieces({ tgz, tar }, lengths, policy);
}
