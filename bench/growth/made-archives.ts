/* Archives of any size, written to a folder: one package each, with text that compresses by a quarter. */
import { createHash } from 'node:crypto';
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { archive, end, entry, header } from '../../test/support/tar.ts';

export interface MadeArchive {
  readonly file: string;
  /** The size of the file. */
  readonly bytes: number;
}

/** Bytes that are written at once, and those of the largest file in an archive. */
const PIECE = 1024 * 1024;
const FILE_MOST = 16 * PIECE;
const BLOCK = 512;
/** Packed bytes for each byte of the text. */
const PACKED = 0.76;

/** @param size About the bytes of the file. */
export async function makeArchive(folder: string, size: number): Promise<MadeArchive> {
  const file = join(folder, `made-${size}.tgz`);
  await pipeline(
    Readable.from(parts(Math.round(size / PACKED))),
    createGzip({ level: 1 }),
    createWriteStream(file),
  );
  return { file, bytes: statSync(file).size };
}

function* parts(content: number): Generator<Buffer> {
  yield archive(
    entry({
      name: 'package/package.json',
      body: JSON.stringify({ name: 'made', version: '1.0.0' }),
    }),
  );
  let left = content;
  for (let index = 0; left > 0; index += 1) {
    const size = Math.min(left, FILE_MOST);
    yield archive([header({ name: `package/file-${index}.txt`, size })]);
    yield* text(size, index);
    left -= size;
  }
  yield archive(end());
}

/** The content of a file and the zeros behind it. */
function* text(size: number, seed: number): Generator<Buffer> {
  for (let at = 0; at < size; at += PIECE) {
    const piece = Buffer.alloc(Math.min(PIECE, size - at));
    let from = 0;
    for (let block = 0; from < piece.length; block += 1)
      from += piece.write(
        createHash('sha512').update(`${seed} ${at} ${block}`).digest('base64'),
        from,
        'latin1',
      );
    yield piece;
  }
  const rest = size % BLOCK;
  if (rest > 0) yield Buffer.alloc(BLOCK - rest);
}
