import { isUtf8 } from 'node:buffer';
import { quote } from '../../text/printable.ts';
import type { Code } from '../../finding/rule-id.ts';
import { MAX_QUOTED_CHARS } from '../../limits.ts';
import { DEFLATE_FLAGS, DESCRIPTOR_FLAG, UTF8_FLAG, type ZipDialect } from './dialect.ts';
import { headerName, type CentralHeader, type ZipHeader } from './directory.ts';
import { DEFLATED, STORED } from './entry-data.ts';

const SLASH = 0x2f;
/** Bytes of a name in a message. The limit keeps messages small if many headers of the directory share one before the data. */
const MAX_NAME_SHOWN = 4 * MAX_QUOTED_CHARS;
export const DOS_FOLDER = 0x10;

/** The two headers of one entry, with the real sizes, from the header or from an extra field. */
interface Pair {
  readonly central: ZipHeader;
  readonly local: ZipHeader;
}

/** The fields in which the header before the data differs from the one in the directory. */
export function* differences({ central, local }: Pair, dialect: ZipDialect): Generator<string> {
  const name = headerName(local);
  if (!headerName(central).equals(name)) {
    yield `before the data it is called ${quote(name.toString('utf8', 0, MAX_NAME_SHOWN))}`;
  }
  for (const [field, inDirectory, beforeData] of dialect.plain
    ? allFields(central, local)
    : fieldsThatCount(central, local)) {
    if (inDirectory !== beforeData)
      yield `${field} ${inDirectory} in the directory, ${beforeData} before the data`;
  }
  if (dialect.plain && local.extraBytes > 0) yield 'extra fields before the data';
}

type Compared = readonly (readonly [field: string, central: number, local: number])[];

function allFields(central: ZipHeader, local: ZipHeader): Compared {
  return [
    ['version needed', central.versionNeeded, local.versionNeeded],
    ['flags', central.flags, local.flags],
    ['method', central.method, local.method],
    ['time', central.time, local.time],
    ['date', central.date, local.date],
    ['CRC', central.crc, local.crc],
    ['compressed size', central.compressedSize, local.compressedSize],
    ['size', central.size, local.size],
  ];
}

/**
 * The fields that have to agree. Time, version and compression level may differ. So may values that a descriptor has, if they are
 * zero in the header: macOS writes the size before the data and the other values after it.
 */
function fieldsThatCount(central: ZipHeader, local: ZipHeader): Compared {
  const described = (local.flags & DESCRIPTOR_FLAG) !== 0;
  const said = (value: number, there: number): number => (described && value === 0 ? there : value);
  return [
    ['flags', central.flags & ~DEFLATE_FLAGS, local.flags & ~DEFLATE_FLAGS],
    ['method', central.method, local.method],
    ['CRC', central.crc, said(local.crc, central.crc)],
    ['compressed size', central.compressedSize, said(local.compressedSize, central.compressedSize)],
    ['size', central.size, said(local.size, central.size)],
  ];
}

export function endsInSlash({ bytes, nameStart, nameBytes }: ZipHeader): boolean {
  return nameBytes > 0 && bytes[nameStart + nameBytes - 1] === SLASH;
}

/** Reports features that writers of the dialect never use, and features that readers treat differently. */
export function checkFeatures(
  header: CentralHeader,
  { dialect, report }: { dialect: ZipDialect; report: (code: Code, detail: string) => void },
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
  checkAttributes(header, { dialect, unsupported });
  const marked = (header.flags & UTF8_FLAG) !== 0;
  if (!header.asciiName && !(marked && isUtf8(headerName(header)))) {
    report(
      dialect.plain ? 'zip-unsupported' : 'zip-name-encoding',
      'a name that is not marked as UTF-8, or is none',
    );
  }
}

function checkAttributes(
  header: CentralHeader,
  to: { dialect: ZipDialect; unsupported: (detail: string) => void },
): void {
  // JSZip and libarchive make a folder of a file that has the folder bit of MS-DOS.
  const folder = endsInSlash(header) || !to.dialect.plain ? DOS_FOLDER : 0;
  const internal = header.internalAttributes & ~to.dialect.internalAttributes;
  const dos = header.dosAttributes & ~(folder | to.dialect.dosAttributes);
  if (internal !== 0 || dos !== 0) to.unsupported('attributes of MS-DOS, or of a text file');
}
