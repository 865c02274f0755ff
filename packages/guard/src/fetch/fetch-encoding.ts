/* Decodes the bytes of an answer that has a `content-encoding`. */
import { pipeline, type Readable } from 'node:stream';
import { isGzip } from '@tarwarden/core/containers';
import { hasIntegrity } from './integrity.ts';

/** A body as the server sent it. */
export interface Encoded {
  readonly bytes: Buffer;
  readonly encoding: string | undefined;
}

/** A tarball is compressed already, so decoding makes it hardly larger: at most by this factor plus these bytes. */
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
 * The tarball of an answer. Some registries send `content-encoding: gzip` although only the file itself is compressed. Then the
 * bytes must not be decoded: they match the integrity as they are or, without an integrity, are no tarball after decoding.
 */
export function tarballOf({ bytes, encoding }: Encoded, integrity: string | undefined): Buffer {
  if (encoding === undefined) return bytes;
  const decode = DECODERS.get(encoding.trim().toLowerCase());
  if (decode === undefined) return bytes;
  if (integrity !== undefined && hasIntegrity(bytes, integrity)) return bytes;
  let decoded: Buffer;
  try {
    // Loaded only when needed: hooks load this file at every install.
    const zlib = process.getBuiltinModule('node:zlib');
    decoded = zlib[decode](bytes, { maxOutputLength: GROWTH * bytes.length + GROWTH_BYTES });
  } catch {
    return bytes;
  }
  return integrity !== undefined || isGzip(decoded) ? decoded : bytes;
}

/** The unpacked content of a gzip stream. Unlike `compose`, it reports a truncated stream to its reader, not to the process. */
export function gunzipped(packed: Readable): Readable {
  return pipeline(packed, process.getBuiltinModule('node:zlib').createGunzip(), () => undefined);
}
