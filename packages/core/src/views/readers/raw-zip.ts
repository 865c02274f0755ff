import {
  COMMON_ZIP,
  centralHeaders,
  endRecord,
  localHeader,
  headerName,
  type ZipHeader,
} from '../../containers/index.ts';

/** The two headers of one entry of a zip, to be shown. The text is hostile: escape it before printing. */
export interface RawZipHeaders {
  /** The header in the directory at the end of the file, or null. */
  readonly directory: RawZipHeader | null;
  /** The header before the data, or null. */
  readonly local: RawZipHeader | null;
}

export interface RawZipHeader {
  readonly offset: number;
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Type and permissions, which only the directory has. */
  readonly mode?: number;
}

/**
 * The headers of the entry at `offset`. If the directory has several for this offset, the one called `name` counts, or else the first.
 * Undefined if there is no header.
 */
export function zipHeadersAt(
  file: Buffer,
  offset: number,
  name: string | undefined,
): RawZipHeaders | undefined {
  const silent = (): void => undefined;
  const end = endRecord(file, COMMON_ZIP, silent);
  const here = end === undefined ? [] : [...centralHeaders(file, end, silent)];
  const candidates = here.filter(({ localOffset }) => localOffset === offset);
  const central =
    candidates.find((candidate) => headerName(candidate).toString() === name) ??
    candidates[0] ??
    undefined;
  const local = offset < file.length ? localHeader(file, offset, file.length) : undefined;
  if (central === undefined && local === undefined) return undefined;
  return {
    directory: central === undefined ? null : { ...raw(central, central.at), mode: central.mode },
    local: local === undefined ? null : raw(local.header, offset),
  };
}

function raw(header: ZipHeader, offset: number): RawZipHeader {
  const { flags, method, crc, compressedSize, size } = header;
  return {
    offset,
    name: headerName(header).toString(),
    flags,
    method,
    crc,
    compressedSize,
    size,
  };
}
