/**
 * Makes a changed zip consistent again, so that a change comes past checksums, sizes and offsets: the headers before
 * the data are looked for by their signature, and all that can be reckoned is written anew from what follows them.
 */
import { crc32, inflateRawSync } from 'node:zlib';

/** What is made right. Each bit of the first byte of an input leaves one of these as it is. */
export interface Repairs {
  /** CRC and sizes before the data. */
  readonly local: boolean;
  /** Fields of the directory that the header before the data has as well, and its offset. */
  readonly central: boolean;
  /** The end record. */
  readonly end: boolean;
  /** Names in the directory. */
  readonly names: boolean;
}

const LOCAL = Buffer.from('PK\x03\x04', 'latin1');
const CENTRAL = Buffer.from('PK\x01\x02', 'latin1');
const END = Buffer.from('PK\x05\x06', 'latin1');
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const MAX_HEADERS = 256;
const MAX_UNPACKED = 1024 * 1024;
const DEFLATED = 8;

export function repairZip(file: Buffer, repairs: Repairs): Buffer {
  const pieces = piecesOf(file);
  const locals: { bytes: Buffer; offset: number }[] = [];
  const written: Buffer[] = [];
  let offset = 0;
  let centralStart: number | undefined;
  let centrals = 0;
  for (const piece of pieces) {
    let bytes = piece;
    if (starts(piece, LOCAL) && piece.length >= LOCAL_BYTES) {
      if (repairs.local) repairLocal(bytes);
      locals.push({ bytes, offset });
    } else if (starts(piece, CENTRAL) && piece.length >= CENTRAL_BYTES) {
      centralStart ??= offset;
      const local = locals[centrals++];
      if (local) bytes = repairCentral(piece, local, repairs);
    } else if (starts(piece, END) && piece.length >= END_BYTES && repairs.end) {
      const start = centralStart ?? offset;
      bytes.writeUInt16LE(centrals, 8);
      bytes.writeUInt16LE(centrals, 10);
      bytes.writeUInt32LE(offset - start, 12);
      bytes.writeUInt32LE(start, 16);
    }
    written.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat(written);
}

/** The file, cut before each signature. */
function piecesOf(file: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  while (pieces.length < MAX_HEADERS) {
    const next = [LOCAL, CENTRAL, END]
      .map((signature) => file.indexOf(signature, from + 1))
      .filter((at) => at > 0);
    if (next.length === 0) break;
    const to = Math.min(...next);
    pieces.push(Buffer.from(file.subarray(from, to)));
    from = to;
  }
  return [...pieces, Buffer.from(file.subarray(from))];
}

const starts = (piece: Buffer, signature: Buffer): boolean =>
  piece.subarray(0, signature.length).equals(signature);

function repairLocal(piece: Buffer): void {
  const data = piece.subarray(
    LOCAL_BYTES + piece.readUInt16LE(26) + piece.readUInt16LE(28),
    piece.length,
  );
  let content = data;
  if (piece.readUInt16LE(8) === DEFLATED) {
    try {
      content = inflateRawSync(data, { maxOutputLength: MAX_UNPACKED });
    } catch {
      content = Buffer.alloc(0);
    }
  }
  piece.writeUInt32LE(crc32(content), 14);
  piece.writeUInt32LE(data.length, 18);
  piece.writeUInt32LE(content.length, 22);
}

function repairCentral(
  piece: Buffer,
  local: { readonly bytes: Buffer; readonly offset: number },
  repairs: Repairs,
): Buffer {
  const { bytes, offset } = local;
  let made = piece;
  if (repairs.names) {
    const ownBytes = piece.readUInt16LE(28);
    const nameBytes = bytes.readUInt16LE(26);
    made = Buffer.concat([
      piece.subarray(0, CENTRAL_BYTES),
      bytes.subarray(LOCAL_BYTES, LOCAL_BYTES + nameBytes),
      piece.subarray(CENTRAL_BYTES + ownBytes),
    ]);
    made.writeUInt16LE(nameBytes, 28);
  }
  if (repairs.central) {
    // From `version needed` to the sizes the two headers have the same layout.
    bytes.copy(made, 6, 4, 26);
    made.writeUInt32LE(offset, 42);
  }
  return made;
}
