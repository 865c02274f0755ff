import { BLOCK, FIELD, type FieldName } from './header.ts';

const RECORD = '29 comment=inspected content\n';

/**
 * What is laid before an inspected tar that is handed on without its compression: a global extended header with a comment. No
 * reader makes anything of it, and those that guess the format by the first bytes find these, which the archive's author
 * did not choose. A tar that begins as gzip does would be decoded as such by node-tar, into another tree.
 */
export const PREFACE: Uint8Array = preface();

function preface(): Uint8Array {
  const bytes = Buffer.alloc(2 * BLOCK);
  const put = (field: FieldName, text: string): void =>
    void bytes.write(text, FIELD[field][0], 'latin1');
  put('name', 'pax_global_header');
  put('mode', '0000644');
  put('uid', '0000000');
  put('gid', '0000000');
  put('size', RECORD.length.toString(8).padStart(11, '0'));
  put('mtime', '00000000000');
  put('typeflag', 'g');
  put('magic', 'ustar\u000000');
  put('checksum', ' '.repeat(8));
  const sum = bytes.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  put('checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  bytes.write(RECORD, BLOCK, 'latin1');
  return bytes;
}
