import { isUtf8 } from 'node:buffer';
import { quote } from '../../text/printable.ts';
import type { RuleId } from '../../finding/rule-id.ts';
import { nameOf, type CentralHeader, type ZipHeader } from './directory.ts';
import { DEFLATED, STORED } from './entry-data.ts';

const SLASH = 0x2f;
const UNIX = 3;
/** The level of deflate (bits 1 and 2), and names in UTF-8 (bit 11); every other bit changes how an entry is read. */
const ALLOWED_FLAGS = 0x0806;
const UTF8_FLAG = 0x0800;
/** 2.0: deflate and folders. Info-ZIP leaves out what needs more than 4.6, Python refuses it past 6.3. */
const MAX_VERSION_NEEDED = 20;
const DOS_FOLDER = 0x10;

/** In which fields the header before the data says something else than the one of the directory. */
export function* differences(
  bytes: Buffer,
  central: CentralHeader,
  local: ZipHeader,
): Generator<string> {
  const name = nameOf(bytes, local);
  if (!nameOf(bytes, central).equals(name)) {
    yield `before the data it is called ${quote(name.toString('utf8'))}`;
  }
  const fields = [
    ['version needed', central.versionNeeded, local.versionNeeded],
    ['flags', central.flags, local.flags],
    ['method', central.method, local.method],
    ['time', central.time, local.time],
    ['date', central.date, local.date],
    ['CRC', central.crc, local.crc],
    ['compressed size', central.compressedSize, local.compressedSize],
    ['size', central.size, local.size],
  ] as const;
  for (const [field, one, other] of fields) {
    if (one !== other) yield `${field} ${one} in the directory, ${other} before the data`;
  }
  if (local.extraBytes > 0) yield 'extra fields before the data';
}

export function endsInSlash(bytes: Buffer, { nameStart, nameBytes }: ZipHeader): boolean {
  return nameBytes > 0 && bytes[nameStart + nameBytes - 1] === SLASH;
}

/** Reports what Yarn never writes, and what readers treat in different ways. */
export function checkFeatures(
  bytes: Buffer,
  header: CentralHeader,
  report: (code: RuleId, detail: string) => void,
): void {
  const unsupported = (detail: string): void => report('zip-unsupported', detail);
  if (header.method !== STORED && header.method !== DEFLATED) {
    unsupported(`compression method ${header.method}`);
  }
  const flags = header.flags & ~ALLOWED_FLAGS;
  if (flags !== 0) unsupported(`flags 0x${flags.toString(16)}`);
  if (header.madeBy !== UNIX) unsupported(`made on a system of type ${header.madeBy}`);
  if (header.extraBytes > 0) unsupported('extra fields');
  if (header.commentBytes > 0) unsupported('a comment');
  if (header.diskStart !== 0) unsupported('several disks');
  if (header.versionNeeded > MAX_VERSION_NEEDED)
    unsupported(
      `version ${header.versionNeeded} is needed to read it, ${MAX_VERSION_NEEDED} is allowed`,
    );
  // JSZip makes a folder of a file that has the bit of MS-DOS.
  const folder = endsInSlash(bytes, header) ? DOS_FOLDER : 0;
  if (header.internalAttributes !== 0 || (header.dosAttributes & ~folder) !== 0)
    unsupported('attributes of MS-DOS, or of a text file');
  const marked = (header.flags & UTF8_FLAG) !== 0;
  if (!header.asciiName && !(marked && isUtf8(nameOf(bytes, header)))) {
    unsupported('a name that is not marked as UTF-8, or is none');
  }
}
