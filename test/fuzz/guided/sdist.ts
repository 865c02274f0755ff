/** Sdists: tars with right checksums around them, any other file, and names that fit or do not. */
import { gzip } from '../../support/gzip.ts';
import { inspectChecked, policyOf } from './invariants.ts';
import { decodeTar } from './tar-input.ts';

const NAMES = ['fixture-1.0.0.tar.gz', 'fixture-1.0.0.zip', 'fixture-2.tar.xz', 'download'];

export function archiveOf(data: Buffer): Buffer {
  const rest = data.subarray(1);
  return ((data[0] ?? 0) & 1) === 0 ? gzip(decodeTar(rest).tar, { level: 0 }) : rest;
}

export function fuzz(data: Buffer): void {
  const how = data[0] ?? 0;
  const expected = { name: 'fixture', version: '1.0.0', fileName: NAMES[(how >> 1) & 3]! };
  const policy = policyOf(how >> 4);
  inspectChecked(archiveOf(data), {
    format: 'sdist',
    policy,
    ...((how & 8) === 0 && { expected }),
  });
}
