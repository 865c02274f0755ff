/* Which bytes an answer with a `content-encoding` stands for. */
import { isGzip } from '@tarwarden/core/containers';
import { hasIntegrity } from './integrity.ts';

/** A body as it came. */
export interface Encoded {
  readonly bytes: Buffer;
  /** The `content-encoding` header. */
  readonly encoding: string | undefined;
}

/** A tarball is compressed already: decoded it is no larger than it came, but for this factor and these bytes. */
const GROWTH = 2;
const GROWTH_BYTES = 64 * 1024;

const DECODERS: ReadonlyMap<string, 'gunzipSync' | 'inflateSync' | 'brotliDecompressSync'> =
  new Map([
    ['gzip', 'gunzipSync'],
    ['x-gzip', 'gunzipSync'],
    ['deflate', 'inflateSync'],
    ['br', 'brotliDecompressSync'],
  ]);

/**
 * The tarball of an answer. Some registries send `content-encoding: gzip` and mean that the file itself is compressed:
 * then the bytes as they came have the integrity, or, where none is known, are a tarball that decoding would destroy.
 */
export function tarballOf({ bytes, encoding }: Encoded, integrity: string | undefined): Buffer {
  if (encoding === undefined) return bytes;
  const decode = DECODERS.get(encoding.trim().toLowerCase());
  if (decode === undefined) return bytes;
  if (integrity !== undefined && hasIntegrity(bytes, integrity)) return bytes;
  let decoded: Buffer;
  try {
    // Loaded for a decoder: hooks load this file at every install.
    const zlib = process.getBuiltinModule('node:zlib');
    decoded = zlib[decode](bytes, { maxOutputLength: GROWTH * bytes.length + GROWTH_BYTES });
  } catch {
    return bytes;
  }
  return integrity !== undefined || isGzip(decoded) ? decoded : bytes;
}
