import {
  BLOCK,
  FIELD,
  stringEnd,
  sum,
  type FieldName,
  numberField,
  readPax,
  COMMON_ZIP,
  centralHeaders,
  endRecord,
  localHeader,
  headerName,
  type ZipHeader,
} from '../../containers/index.ts';
import { MAX_EXTENDED_HEADER_BYTES, MAX_VIEW_ENTRIES } from '../../limits.ts';

/** The fields of a header block, to be shown. The text is hostile: escape it before printing. */
export interface RawHeader {
  readonly offset: number;
  readonly name: string;
  readonly prefix: string;
  /** One character. NUL is an old spelling for a file. */
  readonly typeflag: string;
  /** Numbers as the field spells them. */
  readonly size: string;
  readonly mode: string;
  readonly linkname: string;
  readonly magic: string;
  readonly checksum: { readonly stored: string; readonly computed: string };
  /** Values of the extended headers before it, or of the block itself if it is an extended header. */
  readonly extended: readonly { readonly key: string; readonly value: string }[];
}

/** The header at `offset` of a tar, with the extended headers before it. Undefined if no block is there. */
export function rawHeaderAt(tar: Buffer, offset: number): RawHeader | undefined {
  if (offset < 0 || offset % BLOCK !== 0 || offset + BLOCK > tar.length) return undefined;
  const text = (field: FieldName): string => {
    const [from, to] = FIELD[field];
    return tar.toString('utf8', offset + from, stringEnd(tar, offset + from, offset + to));
  };
  const [from, to] = FIELD.checksum;
  const total = sum(tar, offset, offset + BLOCK) - sum(tar, offset + from, offset + to) + 8 * 0x20;
  const type = typeAt(tar, offset);
  const [magicFrom, magicTo] = FIELD.magic;
  return {
    offset,
    name: text('name'),
    prefix: text('prefix'),
    typeflag: type,
    size: text('size'),
    mode: text('mode'),
    linkname: text('linkname'),
    magic: tar.toString('latin1', offset + magicFrom, offset + magicTo),
    checksum: { stored: text('checksum').trim(), computed: total.toString(8).padStart(6, '0') },
    extended: 'xgLK'.includes(type) ? recordsAt(tar, offset) : before(tar, offset),
  };
}

function typeAt(tar: Buffer, offset: number): string {
  return String.fromCharCode(tar[offset + FIELD.typeflag[0]] ?? 0);
}

function sizeAt(tar: Buffer, offset: number): number {
  const { value = 0 } = numberField(tar, offset + FIELD.size[0], offset + FIELD.size[1]);
  return value;
}

function recordsAt(tar: Buffer, offset: number): { key: string; value: string }[] {
  const size = Math.min(sizeAt(tar, offset), MAX_EXTENDED_HEADER_BYTES);
  const body = tar.subarray(offset + BLOCK, offset + BLOCK + size);
  const type = typeAt(tar, offset);
  if (type === 'L' || type === 'K') {
    const key = type === 'L' ? 'GNU long name' : 'GNU long link';
    return [{ key, value: body.toString().replace(/\0$/, '') }];
  }
  const { overrides, keys } = readPax(body, () => undefined);
  const values: Readonly<Record<string, string | undefined>> = {
    path: overrides.path?.toString(),
    linkpath: overrides.linkpath?.toString(),
    ...(overrides.size === undefined ? {} : { size: String(overrides.size) }),
  };
  return keys.map((key) => ({ key, value: values[key] ?? '' }));
}

/** Walks from the start by the sizes in the headers, and keeps the extended headers just before `offset`. */
function before(tar: Buffer, offset: number): { key: string; value: string }[] {
  let kept: { key: string; value: string }[] = [];
  let at = 0;
  for (let count = 0; at < offset && count < MAX_VIEW_ENTRIES; count++) {
    const type = typeAt(tar, at);
    if (type === 'x' || type === 'L' || type === 'K') kept.push(...recordsAt(tar, at));
    else if (type !== 'g') kept = [];
    at += BLOCK + Math.ceil(sizeAt(tar, at) / BLOCK) * BLOCK;
  }
  return at === offset ? kept : [];
}

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
