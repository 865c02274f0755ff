import { BLOCK, FIELD, type FieldName } from './header.ts';

const RECORD = '29 comment=inspected content\n';

/**
 * A global extended header with a comment. It is put before an inspected tar that a client gets without compression. Every reader
 * skips it. Readers that guess the format by the first bytes see these bytes, which the author of the archive did not choose:
 * otherwise node-tar would decode a tar that begins as gzip, and unpack other files.
 */
export const PREFACE: Uint8Array = preface();

function preface(): Uint8Array {
  const bytes = Buffer.alloc(2 * BLOCK);
  const writeField = (field: FieldName, text: string): void =>
    void bytes.write(text, FIELD[field][0], 'latin1');
  writeField('name', 'pax_global_header');
  writeField('mode', '0000644');
  writeField('uid', '0000000');
  writeField('gid', '0000000');
  writeField('size', RECORD.length.toString(8).padStart(11, '0'));
  writeField('mtime', '00000000000');
  writeField('typeflag', 'g');
  writeField('magic', 'ustar\u000000');
  writeField('checksum', ' '.repeat(8));
  const sum = bytes.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  writeField('checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  bytes.write(RECORD, BLOCK, 'latin1');
  return bytes;
}
