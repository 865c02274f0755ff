/** Single header blocks, each in a package and followed by as many bytes as it asks for. */
import { numberField } from '../../../packages/core/src/containers/tar/number.ts';
import { gzip } from '../../support/gzip.ts';
import { pkg } from '../../support/pkg.ts';
import { archive, BLOCK, FIELDS } from '../../support/tar.ts';
import { fixChecksum } from '../mutate.ts';
import { inspectInPieces, must } from './invariants.ts';

const MAX_CONTENT = 2048;
const NUMBERS = ['mode', 'uid', 'gid', 'size', 'mtime', 'devmajor', 'devminor'] as const;

/** The first byte is the form of the checksum, the second says in which pieces the tar is read. */
function blockOf(data: Buffer): Buffer {
  const given = data.subarray(2, 2 + BLOCK);
  const block = Buffer.concat([given, Buffer.alloc(BLOCK - given.length)]);
  const form = (data[0] ?? 0) % 8;
  if (form < 7) fixChecksum(block, form);
  return block;
}

function tarOf(block: Buffer): Buffer {
  const [at, length] = FIELDS.size;
  const size = numberField(block, at, at + length).value ?? 0;
  const blocks = Math.ceil(Math.min(size, MAX_CONTENT) / BLOCK);
  const odd = archive(block, Buffer.alloc(blocks * BLOCK, '7 a=b\n'));
  return pkg({ entries: [odd] });
}

export function archiveOf(data: Buffer): Buffer {
  return gzip(tarOf(blockOf(data)), { level: 0 });
}

export function fuzz(data: Buffer): void {
  const block = blockOf(data);
  for (const field of NUMBERS) checkNumber(block, FIELDS[field]);
  const tar = tarOf(block);
  const tgz = gzip(tar, { level: 0 });
  inspectInPieces({ tgz, tar }, [1 + (data[1] ?? 0)]);
}

/** A number is what a plain reading of the field makes of it. */
function checkNumber(block: Buffer, [at, length]: readonly [number, number]): void {
  const field = block.subarray(at, at + length);
  const { value, form } = numberField(block, at, at + length);
  const wanted = plainNumber(field);
  must('number', `${form} ${value}` === wanted, `${field.toString('hex')}: not ${wanted}`);
}

function plainNumber(field: Buffer): string {
  const [lead = 0] = field;
  if (lead >= 0x80) {
    const value = BigInt(`0x0${field.subarray(1).toString('hex')}`);
    const fits = lead === 0x80 && value <= BigInt(Number.MAX_SAFE_INTEGER);
    return fits ? `base256 ${value}` : 'malformed undefined';
  }
  const text = field.toString('latin1');
  // oxlint-disable-next-line no-control-regex -- NUL ends a field
  const octal = /^( *)([0-7]+)[\0 ]*$/.exec(text);
  if (octal) return `${octal[1] === '' ? 'octal' : 'padded'} ${Number.parseInt(octal[2]!, 8)}`;
  // oxlint-disable-next-line no-control-regex -- NUL ends a field
  return /^[\0 ]*$/.test(text) ? 'empty undefined' : 'malformed undefined';
}
