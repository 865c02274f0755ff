/** Files as they are: the gzip layer, and what is not an archive at all. */
import { crc32, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { gunzip, gzipHeader } from '../../../packages/core/src/containers/gzip/gunzip.ts';
import { inflateRaw, inflateWhole } from '../../../packages/core/src/containers/gzip/inflate.ts';
import { DEFAULT_LIMITS } from '../../../packages/core/src/limits.ts';
import { inspectChecked, must, sameVerdict } from './invariants.ts';

const TRAILER_BYTES = 8;
const MAX_UNPACKED = 1024 * 1024;

/** The first byte says whether the trailer is made right, the second in which pieces the file is read. */
export function archiveOf(data: Buffer): Buffer {
  const file = Buffer.from(data.subarray(2));
  return (data[0] ?? 0) % 2 === 0 ? withTrailer(file) : file;
}

export function fuzz(data: Buffer): void {
  const file = archiveOf(data);
  const verdict = inspectChecked(file);
  sameVerdict(file, verdict, { pieceBytes: 1 + (data[1] ?? 0) });
  const native = codes(file, inflateRaw);
  const whole = codes(file, inflateWhole);
  must('decoders', native === whole, `native binding: ${native}\npublic interface: ${whole}`);
}

function codes(file: Buffer, inflate: typeof inflateRaw): string {
  const found: string[] = [];
  const { complete } = gunzip(
    file,
    { piece: () => true, anomaly: ({ code }) => void found.push(code) },
    DEFAULT_LIMITS,
    { inflate },
  );
  return `${complete} ${found.join(' ')}`;
}

/** CRC and length of what the first member unpacks to, in the place where they are looked for. */
function withTrailer(file: Buffer): Buffer {
  const { end } = gzipHeader(file);
  if (end < 0) return file;
  try {
    const { buffer, engine } = inflateRawSync(file.subarray(end), {
      info: true,
      maxOutputLength: MAX_UNPACKED,
    } as ZlibOptions) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    const at = end + engine.bytesWritten;
    if (at + TRAILER_BYTES > file.length) return file;
    file.writeUInt32LE(crc32(buffer), at);
    file.writeUInt32LE(buffer.length, at + 4);
  } catch {
    // No member that could have a trailer.
  }
  return file;
}
