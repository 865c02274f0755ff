/**
 * The form in which the fuzzer changes tars: parts of whole blocks, without their trailing zeros, between separators.
 * A byte put into one part so leaves the headers after it where they are. Four bytes come first that say how the tar
 * is finished, in which pieces it is read, and by which policy.
 */
import type { Policy } from '@tarwarden/core';
import { BLOCK } from '../../support/tar.ts';
import { fixChecksum, segmentsOf } from '../mutate.ts';
import { policyOf } from './invariants.ts';

const SEPARATOR = Buffer.from([0xff, 0x7c, 0x7c, 0xfe]);
const HEAD_BYTES = 4;
const MAX_PARTS = 256;
/** Forms of a checksum that `fixChecksum` knows; the number after them leaves the checksums as they are. */
const CHECKSUM_FORMS = 7;

export interface TarInput {
  readonly tar: Buffer;
  /** Lengths of the pieces in which it is to be read. */
  readonly lengths: readonly number[];
  readonly policy: Policy;
}

export function decodeTar(data: Buffer): TarInput {
  const [form = 0, first = 0, second = 0, missing = 0] = data;
  const parts: Buffer[] = [];
  for (let at = HEAD_BYTES; at <= data.length && parts.length < MAX_PARTS;) {
    const found = data.indexOf(SEPARATOR, at);
    const end = found < 0 ? data.length : found;
    parts.push(wholeBlocks(data.subarray(at, end)));
    at = end + SEPARATOR.length;
  }
  let tar: Buffer = Buffer.concat(parts);
  if (form % 8 < CHECKSUM_FORMS) tar = withChecksums(tar, form % 8);
  return {
    tar: tar.subarray(0, Math.max(0, tar.length - missing)),
    lengths: [first + 1, 4 * second + 1],
    policy: policyOf(form >> 3),
  };
}

/** An input that becomes this tar, but for zeros that fill up its last block. */
export function encodeTar(tar: Buffer, lengths: readonly [number, number] = [10, 150]): Buffer {
  const parts = segmentsOf(tar).flatMap(({ bytes }) => {
    const body = bytes.subarray(BLOCK);
    return [bytes.subarray(0, BLOCK), ...(body.length > 0 ? [body] : [])];
  });
  const [first, second] = lengths;
  const head = Buffer.from([0, first, second, 0]);
  return Buffer.concat([
    head,
    ...parts.flatMap((part, index) => [...(index > 0 ? [SEPARATOR] : []), trimmed(part)]),
  ]);
}

function withChecksums(tar: Buffer, form: number): Buffer {
  const segments = segmentsOf(tar);
  for (const { bytes } of segments) {
    if (bytes.length >= BLOCK && bytes.subarray(0, BLOCK).some((byte) => byte !== 0))
      fixChecksum(bytes, form);
  }
  return Buffer.concat(segments.map(({ bytes }) => bytes));
}

function wholeBlocks(part: Buffer): Buffer {
  const blocks = Math.max(1, Math.ceil(part.length / BLOCK));
  return Buffer.concat([part, Buffer.alloc(blocks * BLOCK - part.length)]);
}

function trimmed(part: Buffer): Buffer {
  const least = Math.max(0, (Math.ceil(part.length / BLOCK) - 1) * BLOCK + 1);
  let end = part.length;
  while (end > least && part[end - 1] === 0) end--;
  return part.subarray(0, end === 1 && part[0] === 0 ? 0 : end);
}
