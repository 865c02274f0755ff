/**
 * A well-formed package tarball as the npm client packs it, and the places where a test may make it odd.
 */
import { gzip, type GzipOptions } from './gzip.ts';
import {
  archive,
  BLOCK,
  end,
  entry,
  header,
  type Bytes,
  type HeaderOptions,
  type Part,
} from './tar.ts';

export interface PkgOptions {
  name?: string;
  version?: string;
  /** Merged into package.json. Bytes replace it whole; `null` leaves the file out. */
  manifest?: Readonly<Record<string, unknown>> | Uint8Array | null;
  /** More files, by path below the top folder. An `index.js` is added unless this gives one. */
  files?: Readonly<Record<string, Bytes>>;
  /** Raw parts before package.json. */
  before?: readonly Part[];
  /** Raw parts after all files, before the end marker. */
  entries?: readonly Part[];
  /** What is instead of the end marker of two zero blocks. */
  tail?: readonly Part[];
  /** The first folder of every path, `package` unless given. */
  top?: string;
  /** Fields for every header of the package's own files. */
  defaults?: HeaderOptions;
}

export function manifestOf(options: PkgOptions): Bytes | null {
  const { manifest } = options;
  if (manifest === null) return null;
  if (manifest instanceof Uint8Array) return manifest;
  const fields = {
    name: options.name ?? 'fixture',
    version: options.version ?? '1.0.0',
    main: 'index.js',
    ...manifest,
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** Tar bytes of a package. */
export function pkg(options: PkgOptions = {}): Buffer {
  const top = options.top ?? 'package';
  const manifest = manifestOf(options);
  const files: Record<string, Bytes> = { 'index.js': 'module.exports = 1\n', ...options.files };
  return archive(
    options.before ?? [],
    manifest === null
      ? []
      : entry({ ...options.defaults, name: `${top}/package.json`, body: manifest }),
    Object.entries(files).map(([path, body]) =>
      entry({ ...options.defaults, name: `${top}/${path}`, body }),
    ),
    options.entries ?? [],
    options.tail ?? end(),
  );
}

/** A package as it lies on a registry: `gzip(pkg(...))`. */
export function tgz(options: PkgOptions = {}, gzipOptions: GzipOptions = {}): Buffer {
  return gzip(pkg(options), gzipOptions);
}

export interface SparseOptions extends HeaderOptions {
  /** `[offset, length]` of each piece of data, at most four. */
  map?: readonly (readonly [offset: number, length: number])[];
  /** Size of the file with its holes. */
  realSize?: number;
  /** The data that is stored. */
  body?: Bytes;
  /** Claim that another block of the map follows, and lay this one there. */
  extended?: Uint8Array;
}

/** Old GNU sparse entry (typeflag `S`): the map lies where ustar keeps the prefix. */
export function gnuSparse(options: SparseOptions = {}): Buffer {
  const body = Buffer.from(options.body ?? 'data');
  const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;
  const map = (options.map ?? [[512, body.length]])
    .map(([offset, length]) => octal(offset) + octal(length))
    .join('');
  // GNU: atime 345, ctime 357, offset 369, longnames 381, unused 385, sparse[4] 386, isextended 482, realsize 483.
  const fields = Buffer.alloc(155);
  fields.write(map, 386 - 345, 'latin1');
  fields[482 - 345] = options.extended === undefined ? 0 : 1;
  fields.write(octal(options.realSize ?? 512 + body.length), 483 - 345, 'latin1');
  const block = header({
    typeflag: 'S',
    magic: 'gnu',
    size: body.length,
    ...options,
    raw: { prefix: fields, ...options.raw },
  });
  return archive(
    block,
    options.extended ?? [],
    body,
    Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK),
  );
}
