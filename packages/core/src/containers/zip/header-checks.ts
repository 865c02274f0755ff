import { isUtf8 } from 'node:buffer';
import { quote } from '../../text/printable.ts';
import { MAX_QUOTED_CHARS } from '../../limits.ts';
import { Typeflag } from '../entry.ts';
import { DEFLATE_FLAGS, DESCRIPTOR_FLAG, UTF8_FLAG, type ZipDialect } from './dialect.ts';
import { headerName, type CentralHeader, type ZipHeader } from './directory.ts';
import { DEFLATED, STORED } from './entry-data.ts';
import type { ReportEntry } from './sink.ts';

const SLASH = 0x2f;
/** Bytes of a name in a message. The limit keeps messages small if many headers of the directory share one before the data. */
const MAX_NAME_SHOWN = 4 * MAX_QUOTED_CHARS;
const DOS_FOLDER = 0x10;

/**
 * The fields of both headers. Writers that use options of zip may write the `plain` ones in two ways. They may write the `described`
 * ones as zero before the data, if a descriptor has them: macOS writes the size before the data and the other values after it.
 */
const FIELDS = [
  ['version needed', 'versionNeeded', 'plain'],
  ['flags', 'flags', 'both'],
  ['method', 'method', 'both'],
  ['time', 'time', 'plain'],
  ['date', 'date', 'plain'],
  ['CRC', 'crc', 'described'],
  ['compressed size', 'compressedSize', 'described'],
  ['size', 'size', 'described'],
] as const;

/** The fields in which the header before the data differs from the one in the directory. Sizes are the real ones, from an extra field. */
export function* differences(
  central: ZipHeader,
  local: ZipHeader,
  { plain }: ZipDialect,
): Generator<string> {
  const name = headerName(local);
  if (!headerName(central).equals(name)) {
    yield `before the data it is called ${quote(name.toString('utf8', 0, MAX_NAME_SHOWN))}`;
  }
  for (const [label, key, kind] of FIELDS) {
    if (kind === 'plain' && !plain) continue;
    // The level of compression changes nothing for a reader.
    const comparedValue = (header: ZipHeader): number =>
      key === 'flags' && !plain ? header.flags & ~DEFLATE_FLAGS : header[key];
    const [inDirectory, beforeData] = [comparedValue(central), comparedValue(local)];
    const described = kind === 'described' && (local.flags & DESCRIPTOR_FLAG) !== 0;
    if (inDirectory === beforeData || (described && !plain && beforeData === 0)) continue;
    yield `${label} ${inDirectory} in the directory, ${beforeData} before the data`;
  }
  if (plain && local.extraBytes > 0) yield 'extra fields before the data';
}

function endsInSlash({ bytes, nameStart, nameBytes }: ZipHeader): boolean {
  return nameBytes > 0 && bytes[nameStart + nameBytes - 1] === SLASH;
}

/** Reports features that writers of the dialect never use, and features that readers treat differently. */
export function checkFeatures(
  header: CentralHeader,
  dialect: ZipDialect,
  report: ReportEntry,
): void {
  const unsupported = (detail: string): void => report('zip-unsupported', detail);
  if (header.method !== STORED && header.method !== DEFLATED) {
    unsupported(`compression method ${header.method}`);
  }
  const flags = header.flags & ~dialect.flags;
  if (flags !== 0) unsupported(`flags 0x${flags.toString(16)}`);
  if (!dialect.systems.has(header.madeBy)) unsupported(`made on a system of type ${header.madeBy}`);
  if (dialect.plain && header.extraBytes > 0) unsupported('extra fields');
  if (header.commentBytes > 0) {
    if (dialect.plain) unsupported('a comment');
    else report('zip-entry-comment', `${header.commentBytes} bytes`);
  }
  if (header.diskStart !== 0) unsupported('several disks');
  // 7-Zip writes the system into the upper byte, which readers ignore.
  const version = dialect.plain ? header.versionNeeded : header.versionNeeded & 0xff;
  if (version > dialect.maxVersionNeeded)
    unsupported(`version ${version} is needed to read it, ${dialect.maxVersionNeeded} is allowed`);
  // JSZip and libarchive make a folder of a file that has the folder bit of MS-DOS.
  const folder = endsInSlash(header) || !dialect.plain ? DOS_FOLDER : 0;
  const internal = header.internalAttributes & ~dialect.internalAttributes;
  const dos = header.dosAttributes & ~(folder | dialect.dosAttributes);
  if (internal !== 0 || dos !== 0) unsupported('attributes of MS-DOS, or of a text file');
  const marked = (header.flags & UTF8_FLAG) !== 0;
  if (!header.asciiName && !(marked && isUtf8(headerName(header)))) {
    report(
      dialect.plain ? 'zip-unsupported' : 'zip-name-encoding',
      'a name that is not marked as UTF-8, or is none',
    );
  }
}

const TYPES: Readonly<Record<number, number>> = {
  0o100000: Typeflag.File,
  0o040000: Typeflag.Directory,
  0o120000: Typeflag.Symlink,
  0o010000: Typeflag.Fifo,
  0o020000: Typeflag.CharacterDevice,
  0o060000: Typeflag.BlockDevice,
};
/** The type of sockets and of unknown types. It is not a typeflag of tar, so no rule treats it as harmless. */
const NO_TYPE = 0x3f;
const TYPE_BITS = 0o170000;

/**
 * The type of an entry by its Unix mode, whatever system made it, because Python looks only at the mode. Python's zipfile and most
 * writers on Windows write a mode without a type: then a slash at the end of the name means a folder.
 */
export function typeOf(
  header: CentralHeader,
  spelled: string,
  { plain }: ZipDialect,
  report: ReportEntry,
): number {
  const slash = endsInSlash(header);
  const bits = header.mode & TYPE_BITS;
  const typeless = bits === 0 && !plain;
  const type = typeless ? (slash ? Typeflag.Directory : Typeflag.File) : (TYPES[bits] ?? NO_TYPE);
  const folder = type === Typeflag.Directory;
  if (slash !== folder) {
    report('zip-type-mismatch', `mode ${header.mode.toString(8)} for ${quote(spelled)}`);
  } else if (!plain && !slash && (header.dosAttributes & DOS_FOLDER) !== 0) {
    report('zip-type-mismatch', `a folder of MS-DOS, for ${quote(spelled)}`);
  }
  if (folder && header.size > 0) report('size-on-non-file', `its size is ${header.size}`);
  return type;
}
