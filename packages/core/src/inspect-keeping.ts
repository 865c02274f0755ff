import { PREFACE } from './containers/tar/preface.ts';
import { isGzip } from './containers/gzip/gunzip.ts';
import type { InspectOptions } from './inspect-options.ts';
import { inspectAs } from './inspect.ts';
import type { ReadFacts, ReadOptions, ReadSink } from './formats/format.ts';
import { npmTarballFormat } from './formats/npm-tarball/format.ts';
import { readTar } from './formats/npm-tarball/read.ts';
import type { Verdict } from './finding/verdict.ts';

/** A gzip trailer ends with the unpacked size, modulo 2^32. */
const SIZE_BYTES = 4;
/** Deflate cannot unpack to more than this, so a trailer that says more is wrong. */
const MAX_DEFLATE_RATIO = 1032;

/** A verdict, and the unpacked bytes that were inspected. */
export interface Kept {
  readonly verdict: Verdict;
  /**
   * Only for a tarball without any finding: {@link PREFACE} and then every byte of the inspected tar. A client that unpacks it needs no
   * second decoder, which might read something else. The preface prevents that a client recognises another format.
   */
  readonly tar?: Uint8Array;
}

export interface KeepingOptions extends Omit<InspectOptions, 'format' | 'unpacked'> {
  /** Gives memory of so many bytes to keep the tar in. If it gives none, nothing is kept. */
  readonly room: (bytes: number) => Uint8Array | undefined;
}

/** Inspects a tarball as {@link inspectAs} does, and keeps the unpacked tar, so that no client has to inflate it again. */
export function inspectKeeping(bytes: Uint8Array, options: KeepingOptions): Kept {
  const { room, ...inspectOptions } = options;
  const size = promisedSize(bytes);
  const tar = size === undefined ? undefined : room(PREFACE.length + size);
  if (tar === undefined) return { verdict: inspectAs(npmTarballFormat, bytes, inspectOptions) };
  tar.set(PREFACE);
  let filled = PREFACE.length;
  const verdict = inspectAs(npmTarballFormat, bytes, {
    ...inspectOptions,
    unpacked(piece) {
      if (filled + piece.length <= tar.length) tar.set(piece, filled);
      filled += piece.length;
    },
  });
  const whole = filled === tar.length && verdict.archive.unpackedBytes === filled - PREFACE.length;
  const clean = verdict.status === 'accept' && verdict.findings.length === 0;
  return whole && clean ? { verdict, tar } : { verdict };
}

/** Reads a tar that {@link inspectKeeping} kept, as the format reads the tarball itself. */
export function readKept(keptTar: Uint8Array, sink: ReadSink, options: ReadOptions): ReadFacts {
  const { buffer, byteOffset, length } = keptTar.subarray(PREFACE.length);
  return readTar(Buffer.from(buffer, byteOffset, length), sink, options);
}

/** The unpacked size that a gzip file claims, in bytes. It may be wrong, so use it only to allocate memory. */
export function promisedSize(bytes: Uint8Array): number | undefined {
  if (!isGzip(bytes) || bytes.length < SIZE_BYTES) return undefined;
  const { buffer, byteOffset, length } = bytes;
  const view = new DataView(buffer, byteOffset + length - SIZE_BYTES, SIZE_BYTES);
  const size = view.getUint32(0, true);
  return size <= length * MAX_DEFLATE_RATIO ? size : undefined;
}
