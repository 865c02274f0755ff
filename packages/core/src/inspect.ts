import { gunzip } from './decompress/gunzip.ts';
import { isGzip } from './decompress/gzip-header.ts';
import { inspectZip } from './inspect-zip.ts';
import type { InspectOptions } from './inspect-options.ts';
import type { Source } from './judge.ts';
import { judgePackage } from './judge.ts';
import type { Limits } from './limits.ts';
import { DEFAULT_POLICY } from './policy/policy.ts';
import { digestOf } from './verdict/digest.ts';
import { conclude } from './verdict/conclude.ts';
import { FindingLog } from './verdict/finding-log.ts';
import type { Verdict } from './verdict/verdict.ts';

/**
 * Judges the exact bytes of a package archive. Synchronous, pure and bounded: memory does not grow with the
 * unpacked size, no input makes it throw, and a file that is no archive is a rejected one.
 */
export function inspect(bytes: Uint8Array, options: InspectOptions = {}): Verdict {
  if (options.format === 'yarn-zip') return inspectZip(bytes, options);
  const policy = options.policy ?? DEFAULT_POLICY;
  const { expected = {} } = options;
  const log = new FindingLog();
  const digest = digestOf(bytes, options);
  let unpackedBytes = 0;
  let { unpacked } = options;
  const source: Source = (piece, anomaly) => {
    const sink = { piece: tapped(piece, unpacked), anomaly };
    // Once: the source is read again where entries are compared.
    unpacked = undefined;
    const result = open(bytes, policy.limits, sink, options.pieceBytes);
    unpackedBytes = result.unpackedBytes;
    return result.complete;
  };
  const { contents, entries } = judgePackage(source, log, {
    limits: policy.limits,
    context: { links: policy.links, expected },
  });
  return conclude(log, policy, {
    format: 'npm',
    digest,
    size: { compressedBytes: bytes.length, unpackedBytes, entries },
    claimed: contents.manifest?.ok ? contents.manifest : undefined,
    expected,
  });
}

function tapped(
  piece: (bytes: Buffer) => boolean,
  tap: InspectOptions['unpacked'],
): (bytes: Buffer) => boolean {
  if (tap === undefined) return piece;
  return (bytes) => {
    tap(bytes);
    return piece(bytes);
  };
}

const TAR_MAGIC_OFFSET = 257;

function open(
  bytes: Uint8Array,
  limits: Limits,
  sink: Parameters<typeof gunzip>[1],
  pieceBytes: number | undefined,
): ReturnType<typeof gunzip> {
  if (isGzip(bytes)) return gunzip(bytes, sink, limits, { pieceBytes });
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'latin1',
    TAR_MAGIC_OFFSET,
    TAR_MAGIC_OFFSET + 5,
  );
  if (magic !== 'ustar') {
    sink.anomaly({
      code: 'unrecognised-format',
      offset: 0,
      detail: bytes.length === 0 ? 'the file is empty' : 'neither magic number is there',
    });
    return { unpackedBytes: 0, complete: false };
  }
  // Read on all the same, so that everything wrong with it is told.
  sink.anomaly({ code: 'uncompressed-archive', offset: 0, detail: 'it starts with a tar header' });
  const complete = sink.piece(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return { unpackedBytes: bytes.length, complete };
}
