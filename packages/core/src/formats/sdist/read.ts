import { isGzip, gzipHeader } from '../../containers/gzip/gunzip.ts';
import { inflateRaw } from '../../containers/gzip/inflate.ts';
import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { centralHeaders, headerName } from '../../containers/zip/directory.ts';
import { endRecord } from '../../containers/zip/end-record.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import type { SdistPackage } from '../../metadata/pypi/sdist-package.ts';
import type { MetadataRule } from '../../rules/rule.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import { Typeflag, type Entry } from '../../containers/entry.ts';
import { BLOCK, isHeader, magicOf } from '../../containers/tar/header.ts';
import { readZip } from '../../containers/zip/reader.ts';
import { quote } from '../../text/printable.ts';
import type { ReadFacts, ReadOptions, ReadSink } from '../format.ts';
import { readTarball } from '../npm-tarball/read.ts';

/** The kind of a file by its first bytes. `other` is an uncompressed tar, or anything else. */
type Container = 'gzip' | 'zip' | 'bzip2' | 'xz' | 'lzma' | 'lzip' | 'zstd' | 'other';

/** First bytes by kind. An `.lzma` file begins with its properties, which all writers set to these values. */
const BEGINNINGS: readonly (readonly [Container, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['lzma', [0x5d, 0x00, 0x00]],
  ['lzip', [0x4c, 0x5a, 0x49, 0x50]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** The kinds as which pip opens a file without a zip in it, by the end of its name in lower case. */
const ENDINGS: readonly (readonly [RegExp, readonly Container[]])[] = [
  [/\.zip$/, ['zip']],
  [/\.(?:gz|tgz)$/, ['gzip']],
  [/\.(?:tar\.bz2|tbz)$/, ['bzip2']],
  [/\.(?:tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/, ['xz', 'lzma', 'lzip']],
  [/\.tar$/, ['other']],
];

export function containerOf(bytes: Buffer): Container {
  if (isGzip(bytes)) return 'gzip';
  for (const [container, beginning] of BEGINNINGS)
    if (beginning.every((byte, at) => bytes[at] === byte)) return container;
  return 'other';
}

/** The kinds that a file of this name can be. Undefined if the name does not say. */
function promisedBy(fileName: string): readonly Container[] | undefined {
  const name = fileName.toLowerCase();
  return ENDINGS.find(([ending]) => ending.test(name))?.[1];
}

/** Names that only pip takes. */
const OF_PIP_ALONE = /\.(?:tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;
/** The metadata file of pip or of npm, in the first folder. */
const PATH = /^[^/]+\/(PKG-INFO|package\.json)$/;
const TARBALL = /\.(?:tar\.gz|tgz|tar)$/i;

/**
 * Whether a file is most likely an sdist: by a name that npm does not use, or else by a PKG-INFO right below the first folder, where
 * a tarball of npm has its package.json.
 */
export function isSdist(fileName: string, bytes: Buffer): boolean {
  if (OF_PIP_ALONE.test(fileName)) return true;
  if (/\.zip$/i.test(fileName)) return containerOf(bytes) === 'zip' && hasPkgInfoInZip(bytes);
  if (!TARBALL.test(fileName)) return false;
  const container = containerOf(bytes);
  const promised = promisedBy(fileName)?.includes(container) === true;
  return promised && hasPkgInfo(bytes, container === 'gzip');
}

function hasPkgInfoInZip(bytes: Buffer): boolean {
  const ignored = (): void => undefined;
  const end = endRecord(bytes, COMMON_ZIP, ignored);
  if (end === undefined) return false;
  const foundNames = new Set<string>();
  for (const header of centralHeaders(bytes, end, ignored)) {
    const [, name] = PATH.exec(headerName(header).toString('latin1')) ?? [];
    if (name !== undefined) foundNames.add(name);
  }
  return foundNames.has('PKG-INFO') && !foundNames.has('package.json');
}

// Stop at the first of the two files: most tarballs of npm begin with package.json, so little is read twice.
function hasPkgInfo(bytes: Buffer, isPacked: boolean): boolean {
  const foundNames = new Set<string>();
  const reader = new TarReader(
    {
      entry({ path }) {
        const [, name] = PATH.exec(path) ?? [];
        if (name !== undefined) foundNames.add(name);
        reader.stopped ||= foundNames.has('package.json') || path.startsWith('package/');
        return false;
      },
      body: () => undefined,
      anomaly: () => undefined,
    },
    DEFAULT_LIMITS,
  );
  const { unpackedBytes } = DEFAULT_LIMITS;
  const take = (piece: Buffer): boolean => {
    reader.push(piece);
    return !reader.stopped && reader.position < unpackedBytes;
  };
  const { end } = isPacked ? gzipHeader(bytes) : { end: -1 };
  if (!isPacked) take(bytes);
  else if (end >= 0) inflateRaw(bytes, end, take, { maxBytes: unpackedBytes });
  return foundNames.has('PKG-INFO') && !foundNames.has('package.json') && !reader.stopped;
}

/** A rule about the metadata of an sdist. */
export type SdistRule = MetadataRule<SdistPackage>;

/** Layout of a zip's end, APPNOTE 4.3. */
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0x1_0000;

const END = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR_SIGNATURE = 0x07064b50;
const CENTRAL_SIGNATURE = 0x02014b50;

/** An end record of a zip, in a file that is not a zip. */
interface StrayEnd {
  readonly offset: number;
  /** Whether it leads to a directory that Python can read. */
  readonly opens: boolean;
}

/**
 * The end record of a zip that Python finds in a file, if there is one. pip first calls `zipfile.is_zipfile` for every file, and up to
 * Python 3.12 an end record is enough for that. Python looks at the last 22 bytes, and then for the last signature in the last
 * 64 KiB.
 */
function strayEnd(bytes: Buffer): StrayEnd | undefined {
  const last = bytes.length - END_BYTES;
  if (last < 0) return undefined;
  const offset = isEnd(bytes, last) ? last : findLastEnd(bytes, last);
  return offset === undefined ? undefined : { offset, opens: opens(bytes, offset) };
}

function isEnd(bytes: Buffer, at: number): boolean {
  return bytes.subarray(at, at + 4).equals(END) && bytes.readUInt16LE(at + 20) === 0;
}

function findLastEnd(bytes: Buffer, last: number): number | undefined {
  const from = Math.max(last - MAX_COMMENT_BYTES, 0);
  const offset = from + bytes.subarray(from).lastIndexOf(END);
  // Python gives up if the last signature is too near the end for a record.
  return offset >= from && offset <= last ? offset : undefined;
}

/**
 * Whether `zipfile.ZipFile` opens the file. The directory ends where the record begins, and anything may come before it. An empty
 * directory is that of an empty zip.
 */
function opens(bytes: Buffer, end: number): boolean {
  // A zip64 record replaces the sizes here. Its locator does not occur by chance.
  if (end >= LOCATOR_BYTES && bytes.readUInt32LE(end - LOCATOR_BYTES) === LOCATOR_SIGNATURE)
    return true;
  const size = bytes.readUInt32LE(end + 12);
  const from = end - size;
  if (size === 0) return true;
  return from >= 0 && size >= CENTRAL_BYTES && bytes.readUInt32LE(from) === CENTRAL_SIGNATURE;
}

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
      const location = { layer: 'zip', offset, entry: path, entryIndex: index } as const;
      sink.anomaly({ ...location, code: 'link-in-zip', detail: `it points to ${quote(linkpath)}` });
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
  const containerText = container === 'other' ? 'neither gzip nor a zip' : container;
  anomaly({
    layer: 'gzip',
    code: 'archive-type-mismatch',
    offset: 0,
    detail: `it is ${containerText}, and its name ends as that of ${promised[0] === 'other' ? 'a tar' : promised[0]}`,
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
