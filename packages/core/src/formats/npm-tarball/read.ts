import type { Entry } from '../../containers/entry.ts';
import { gunzip, isGzip } from '../../containers/gzip/gunzip.ts';
import { TarReader, type TarSink } from '../../containers/tar/reader.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { ReadFacts, ReadOptions, ReadSink } from '../format.ts';

const MAGIC = 'ustar';
const MAGIC_OFFSET = 257;

/** Whether a file begins with a tar header. */
export function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', MAGIC_OFFSET, MAGIC_OFFSET + MAGIC.length) === MAGIC;
}

/** Receives the unpacked bytes piece by piece, each valid only during the call. Returns `false` if it wants no more. */
type Take = (piece: Buffer) => boolean;

type Unpacked = ReturnType<typeof gunzip>;

/** Reads a gzipped tar. */
export function readTarball(bytes: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts {
  return readPacked(tarReader(sink, options), options, (take) =>
    unpackTarball(bytes, { take, anomaly: sink.anomaly }, options),
  );
}

/** Reads a tar while `unpack` unpacks it. */
export function readPacked(
  reader: TarReader,
  { unpacked }: ReadOptions,
  unpack: (take: Take) => Unpacked,
): ReadFacts {
  const { complete, unpackedBytes } = unpack((piece) => {
    unpacked?.(piece);
    reader.push(piece);
    return !reader.stopped;
  });
  if (complete) reader.end();
  return { entries: reader.entries, unpackedBytes, complete: complete && !reader.stopped };
}

/** Reads the unpacked bytes of a tarball. They are read as a tar even if they begin as gzip. */
export function readTar(tar: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts {
  const reader = tarReader(sink, options);
  reader.push(tar);
  if (!reader.stopped) reader.end();
  return { entries: reader.entries, unpackedBytes: tar.length, complete: !reader.stopped };
}

/** A reader that gives its entries to a sink, and stops when that has enough. `header` checks each header. */
export function tarReader(
  sink: ReadSink,
  { limits }: ReadOptions,
  header?: TarSink['header'],
): TarReader {
  const reader: TarReader = new TarReader(
    {
      entry(entry: Entry): boolean {
        const isWanted = sink.entry(entry);
        if (sink.enough()) reader.stopped = true;
        return isWanted;
      },
      body: (_entry, piece) => sink.body(piece),
      anomaly: sink.anomaly,
      ...(header && { header }),
    },
    limits,
  );
  return reader;
}

/** Unpacks a tarball. Returns the number of unpacked bytes, and whether they are complete. */
export function unpackTarball(
  bytes: Buffer,
  to: { readonly take: Take; readonly anomaly: ReportAnomaly },
  { limits, pieceBytes }: ReadOptions,
): Unpacked {
  const { take, anomaly } = to;
  if (isGzip(bytes)) return gunzip(bytes, { piece: take, anomaly }, limits, { pieceBytes });
  if (!isTar(bytes)) {
    anomaly({
      layer: 'gzip',
      code: 'unrecognised-format',
      offset: 0,
      detail: bytes.length === 0 ? 'the file is empty' : 'neither magic number is there',
    });
    return { unpackedBytes: 0, complete: false };
  }
  // Read on, so that all other errors are reported as well.
  anomaly({
    layer: 'gzip',
    code: 'uncompressed-archive',
    offset: 0,
    detail: 'it starts with a tar header',
  });
  return { unpackedBytes: bytes.length, complete: take(bytes) };
}
