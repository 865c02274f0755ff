/** A wheel with one large file of zeros that is not compressed, which is a hole on the disk: it takes no room there. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { recordLine } from './wheel.ts';
import { UNIX, zip, type ZipEntry } from './zip.ts';

const END_BYTES = 22;
const PIECE = Buffer.alloc(1024 * 1024);

/** @param size Of the large file, in whole MiB. */
export function writeSparseWheel(path: string, size: number, crcOff = 0): void {
  const hash = createHash('sha256');
  let crc = 0;
  for (let at = 0; at < size; at += PIECE.length) {
    hash.update(PIECE);
    crc = crc32(PIECE, crc);
  }
  const info = 'fixture-1.0.0.dist-info';
  const texts: readonly (readonly [string, string])[] = [
    ['fixture/__init__.py', ''],
    [`${info}/METADATA`, 'Metadata-Version: 2.1\nName: fixture\nVersion: 1.0.0\n'],
    [
      `${info}/WHEEL`,
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ],
  ];
  const record = [
    ...texts.map(([name, body]) => recordLine(name, body)),
    `fixture/zeros,sha256=${hash.digest('base64url')},${size}`,
    `${info}/RECORD,,`,
  ];
  const mode = UNIX.file + 0o644;
  const large = { name: 'fixture/zeros', method: 0, data: Buffer.alloc(0), mode };
  const entries: readonly ZipEntry[] = [
    ...texts.map(([name, body]) => ({ name, body, mode })),
    { name: `${info}/RECORD`, body: `${record.join('\n')}\n`, mode },
    { ...large, size, compressedSize: size, crc: (crc ^ crcOff) >>> 0 },
  ];
  const bytes = zip(entries);
  const place = bytes.length - END_BYTES + 16;
  const central = bytes.readUInt32LE(place);
  bytes.writeUInt32LE(central + size, place);
  const file = openSync(path, 'w');
  try {
    writeSync(file, bytes, 0, central, 0);
    writeSync(file, bytes, central, bytes.length - central, central + size);
  } finally {
    closeSync(file);
  }
}
