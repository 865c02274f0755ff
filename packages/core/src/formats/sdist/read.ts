import type { ReportAnomaly } from '../../finding/anomaly.ts';
import { Typeflag, type Entry } from '../../containers/entry.ts';
import { BLOCK, isHeader, magicOf } from '../../containers/tar/header.ts';
import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { readZip } from '../../containers/zip/reader.ts';
import { quote } from '../../text/printable.ts';
import type { ReadFacts, ReadOptions, ReadSink } from '../format.ts';
import { readTarball } from '../npm-tarball/read.ts';
import { containerOf, promisedBy, type Container } from './container.ts';
import { strayEnd } from './end-record.ts';

/** Reads an sdist by its bytes, as pip does. Its name has to agree with them. */
export function readSdist(bytes: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts {
  const container = containerOf(bytes);
  checkName(container, options.fileName, sink.anomaly);
  if (container === 'zip') return readZipped(bytes, sink, options);
  checkEnd(bytes, sink.anomaly);
  if (container === 'gzip' || container === 'other') return readTarball(bytes, sink, options);
  sink.anomaly({
    layer: 'gzip',
    code: 'unsupported-compression',
    offset: 0,
    detail: `it begins as ${container} does`,
  });
  return { entries: 0, unpackedBytes: 0, complete: false };
}

function readZipped(bytes: Buffer, sink: ReadSink, { limits }: ReadOptions): ReadFacts {
  checkStart(bytes, sink.anomaly);
  const entry = (entry: Entry, spelled: string): boolean => {
    if (entry.typeflag === Typeflag.Symlink) {
      const { offset, path, index, linkpath } = entry;
      const where = { layer: 'zip', offset, entry: path, entryIndex: index } as const;
      sink.anomaly({ ...where, code: 'link-in-zip', detail: `it points to ${quote(linkpath)}` });
    }
    return sink.entry(entry, spelled);
  };
  return readZip(bytes, { ...sink, entry }, { limits, dialect: COMMON_ZIP });
}

/** A tar may begin like a zip, since its first bytes are the name of its first entry. */
function checkStart(bytes: Buffer, anomaly: ReportAnomaly): void {
  if (bytes.length >= BLOCK && magicOf(bytes, 0) !== 'unknown' && isHeader(bytes, 0))
    anomaly({
      layer: 'zip',
      code: 'foreign-magic',
      offset: 0,
      detail: 'it is a zip that begins as a tar does',
    });
}

function checkName(container: Container, fileName = '', anomaly: ReportAnomaly): void {
  const promised = promisedBy(fileName);
  if (promised === undefined || promised.includes(container)) return;
  const found = container === 'other' ? 'neither gzip nor a zip' : container;
  anomaly({
    layer: 'gzip',
    code: 'archive-type-mismatch',
    offset: 0,
    detail: `it is ${found}, and its name ends as that of ${promised[0] === 'other' ? 'a tar' : promised[0]}`,
  });
}

function checkEnd(bytes: Buffer, anomaly: ReportAnomaly): void {
  const end = strayEnd(bytes);
  if (end === undefined) return;
  anomaly({
    layer: 'zip',
    code: end.opens ? 'hidden-zip' : 'stray-zip-end-record',
    offset: end.offset,
    detail: `an end record ${bytes.length - end.offset} bytes before the end of the file`,
  });
}
