import { gunzip } from '../../containers/gzip/gunzip.ts';
import { isGzip } from '../../containers/gzip/header.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import { MAX_GEM_CHECKSUMS_BYTES, type Limits } from '../../limits.ts';
import type { ReadFacts, ReadOptions, ReadSink } from '../format.ts';
import { checkSums } from './checksums.ts';
import { headerCheck } from './header-check.ts';
import { readOuter, type Member, type Outer } from './outer.ts';

const MAGIC = 'ustar';
const MAGIC_OFFSET = 257;

/** Whether a file begins with a tar header. Gems of the oldest format, which are Ruby code, do not. */
export function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', MAGIC_OFFSET, MAGIC_OFFSET + MAGIC.length) === MAGIC;
}

const NOTHING: ReadFacts = { entries: 0, unpackedBytes: 0, complete: false };

/** Reads a gem: a tar with the gemspec, the content and their checksums, each compressed. */
export function readGem(gem: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts {
  if (!isTar(gem)) {
    const detail = gem.length === 0 ? 'the file is empty' : 'the magic number of tar is not there';
    sink.anomaly({ layer: 'gem', code: 'gem-not-tar', offset: 0, detail });
    return NOTHING;
  }
  const outer = readOuter(gem, options.limits, sink.anomaly);
  const { metadata, data } = outer;
  if (metadata) {
    const { limits } = options;
    const document = small(metadata, limits.manifestBytes, { sink, limits });
    if (document) sink.description?.(document);
  }
  checkChecksums(outer, sink, options.limits);
  return data ? readData(data, sink, options) : NOTHING;
}

function checkChecksums(outer: Outer, sink: ReadSink, limits: Limits): void {
  const { checksums } = outer;
  const report = (code: 'gem-checksum-missing' | 'gem-checksum-mismatch', detail: string): void =>
    sink.anomaly({
      layer: 'gem',
      code,
      detail,
      offset: checksums?.offset ?? 0,
      ...(checksums && { entry: checksums.entry.path }),
    });
  if (checksums === undefined) {
    report('gem-checksum-missing', 'there is no checksums.yaml.gz');
    return;
  }
  const document = small(checksums, MAX_GEM_CHECKSUMS_BYTES, { sink, limits });
  if (document === undefined) return;
  const { wrong, missing } = checkSums(document.toString('utf8'), outer);
  for (const detail of wrong) report('gem-checksum-mismatch', detail);
  for (const file of missing) report('gem-checksum-missing', `${file} has none`);
}

/** The content of a compressed file that is kept whole. Undefined if it cannot be read, which is then reported. */
function small(
  member: Member,
  bytes: number,
  to: { readonly sink: ReadSink; readonly limits: Limits },
): Buffer | undefined {
  const pieces: Buffer[] = [];
  const { complete } = unpack(
    member,
    {
      take: (piece) => pieces.push(Buffer.from(piece)) > 0,
      anomaly: to.sink.anomaly,
    },
    { limits: { ...to.limits, unpackedBytes: Math.min(bytes, to.limits.unpackedBytes) } },
  );
  return complete ? Buffer.concat(pieces) : undefined;
}

function readData(data: Member, sink: ReadSink, options: ReadOptions): ReadFacts {
  const { unpacked } = options;
  const reader: TarReader = new TarReader(
    {
      entry(entry): boolean {
        const wanted = sink.entry(entry);
        if (sink.enough()) reader.stopped = true;
        return wanted;
      },
      body: (_entry, piece) => sink.body(piece),
      anomaly: sink.anomaly,
      header: headerCheck('tar', sink.anomaly),
    },
    options.limits,
  );
  const take = (piece: Buffer): boolean => {
    unpacked?.(piece);
    reader.push(piece);
    return !reader.stopped;
  };
  const { complete, unpackedBytes } = unpack(data, { take, anomaly: sink.anomaly }, options);
  if (complete) reader.end();
  return { entries: reader.entries, unpackedBytes, complete: complete && !reader.stopped };
}

/** Unpacks a file of the gem. Offsets of errors in its compression count in the gem. */
function unpack(
  { bytes, offset, entry }: Member,
  to: { readonly take: (piece: Buffer) => boolean; readonly anomaly: ReportAnomaly },
  { limits, pieceBytes }: ReadOptions,
): ReturnType<typeof gunzip> {
  if (!isGzip(bytes)) {
    to.anomaly({
      layer: 'gem',
      code: 'gem-member',
      offset,
      detail: `${entry.path} is not compressed with gzip`,
      entry: entry.path,
    });
    return { unpackedBytes: 0, complete: false };
  }
  const anomaly: ReportAnomaly = (seen) =>
    to.anomaly({ ...seen, layer: 'gem', offset: offset + seen.offset, entry: entry.path });
  return gunzip(bytes, { piece: to.take, anomaly }, limits, { pieceBytes });
}
