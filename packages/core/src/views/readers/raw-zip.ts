import {
  COMMON_ZIP,
  centralHeaders,
  endRecord,
  localHeader,
  headerName,
  type ZipHeader,
} from '../../containers/index.ts';

/** The two headers of one entry of a zip, as their bytes say it. Text is hostile: escape before printing. */
export interface RawZipHeaders {
  /** In the directory at the end of the file; null where the directory has none. */
  readonly directory: RawZipHeader | null;
  /** Before the data; null where there is none. */
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
 * The headers of the entry whose data begins at `offset`; of those that the directory has for that place, the one that
 * is called `name`, else the first. Undefined where neither is there.
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
