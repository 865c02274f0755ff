import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

/** The sizes of one archive that have limits. */
export interface Measures {
  /** Bytes of the file. */
  readonly archiveBytes: number;
  readonly unpackedBytes: number;
  /** Unpacked bytes for each byte of the file. */
  readonly ratio: number;
  readonly entries: number;
  /** Components of the deepest path. */
  readonly depth: number;
  readonly pathBytes: number;
  readonly componentBytes: number;
  /** The bytes of the file with the name of the package. */
  readonly manifestBytes: number;
  /** Bytes of the largest extended header, and records of the one that has most. */
  readonly extendedBytes: number;
  readonly records: number;
  /** Bytes of zeros behind the end-of-archive marker. */
  readonly zeroTail: number;
  /** Bytes behind the gzip member. */
  readonly behindGzip: number;
}

/** Measures an archive that is well-formed, as one that was accepted is: nothing is checked here. */
export function measure(bytes: Buffer, manifest = 'package.json'): Measures {
  const tar = gunzipSync(bytes);
  const most = { depth: 0, pathBytes: 0, componentBytes: 0, manifestBytes: 0 };
  let [entries, extendedBytes, records, at] = [0, 0, 0, 0];
  let long: string | undefined;
  while (at < tar.length && tar[at] !== 0) {
    const type = String.fromCharCode(tar[at + 156]!);
    const size = Number.parseInt(text(tar, at + 124, 12), 8) || 0;
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x' || type === 'g') {
      const found = recordsOf(body);
      extendedBytes = Math.max(extendedBytes, size);
      records = Math.max(records, found.length);
      if (type === 'x') long = found.findLast(([key]) => key === 'path')?.[1];
      continue;
    }
    entries++;
    const head = at - BLOCK - Math.ceil(size / BLOCK) * BLOCK;
    const path = long ?? pathOf(tar, head);
    long = undefined;
    const components = path.split('/').filter((part) => part !== '');
    most.depth = Math.max(most.depth, components.length);
    most.pathBytes = Math.max(most.pathBytes, Buffer.byteLength(path));
    for (const part of components)
      most.componentBytes = Math.max(most.componentBytes, Buffer.byteLength(part));
    if (components.length === 2 && components[1] === manifest)
      most.manifestBytes = Math.max(most.manifestBytes, size);
  }
  return {
    archiveBytes: bytes.length,
    unpackedBytes: tar.length,
    ratio: tar.length / bytes.length,
    entries,
    ...most,
    extendedBytes,
    records,
    zeroTail: Math.max(0, tar.length - at - 2 * BLOCK),
    behindGzip: behindGzip(bytes, tar.length),
  };
}

/** ISIZE of the one member is in the file's last four bytes, unless zeros follow it. */
function behindGzip(bytes: Buffer, unpacked: number): number {
  let end = bytes.length;
  while (end > 8 && bytes.readUInt32LE(end - 4) !== unpacked % 2 ** 32) end--;
  return bytes.length - end;
}

function pathOf(tar: Buffer, at: number): string {
  const isPosix = tar.toString('latin1', at + 257, at + 263) === 'ustar\0';
  const prefix = isPosix ? text(tar, at + 345, 155) : '';
  return `${prefix === '' ? '' : `${prefix}/`}${text(tar, at, 100)}`;
}

function text(tar: Buffer, at: number, length: number): string {
  const end = tar.subarray(at, at + length).indexOf(0);
  return tar.toString('utf8', at, end < 0 ? at + length : at + end);
}

function recordsOf(body: Buffer): [key: string, value: string][] {
  const found: [string, string][] = [];
  for (let at = 0; at < body.length;) {
    const length = Number.parseInt(body.toString('latin1', at, at + 10), 10);
    if (!(length > 0)) break;
    const record = body.toString('utf8', body.indexOf(0x20, at) + 1, at + length - 1);
    const equals = record.indexOf('=');
    found.push([record.slice(0, equals), record.slice(equals + 1)]);
    at += length;
  }
  return found;
}
