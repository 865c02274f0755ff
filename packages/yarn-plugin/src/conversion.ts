import type { Conversion, Converted } from '@tarwarden/guard';
import { npath, type PortablePath } from '@yarnpkg/fslib';

export interface TarballOptions {
  /** Whether to keep the unpacked tar. */
  readonly keep?: boolean;
  /** SHA-512 (hex) of the only archive that Yarn will keep, if it has a verdict. */
  readonly known?: string | undefined;
  /** How to make the archive in the thread that inspects. */
  readonly conversion?: Conversion | undefined;
}

/** An archive that the guard made of a tarball, so that Yarn need not. */
export type MadeArchive = NonNullable<Converted['archive']>;

/** An archive that Yarn has not stored yet. */
export interface FreshArchive {
  /** SHA-512 (hex) of its tarball. */
  readonly from: string | undefined;
  /** Whether the guard computes its SHA-512 and remembers the verdict at once. Otherwise Yarn computes it. */
  readonly hashed: boolean;
  /** The SHA-512 (hex) that Yarn demands, if any. If it has a verdict, the archive is not inspected: Yarn throws an error for others. */
  readonly demanded?: string | undefined;
  /** Present if the guard made it. */
  readonly made?: MadeArchive | undefined;
}

/** A tarball that passed. */
export interface PassedTarball {
  readonly sha512: string;
  /** The unpacked tar, if it was kept. */
  readonly tar?: Uint8Array | undefined;
  readonly archive?: MadeArchive | undefined;
}

/** Where Yarn puts the files of a package in its archive. */
const VENDOR_PATH = /^node_modules\/(?:@[^/]+\/)?[^/]+$/;

/**
 * How to make an archive as Yarn 4 asks its converter to. Undefined if Yarn asks for a compressed archive or for something else that the
 * guard does not make, or if no SHA-512 shows that it makes the same archive as Yarn.
 */
export function conversionOf(
  message: object,
  demanded: string | undefined,
): Conversion | undefined {
  const { tmpFile, compressionLevel, extractBufferOpts } = message as Partial<YarnMessage>;
  const { prefixPath, stripComponents } = extractBufferOpts ?? {};
  if (demanded === undefined || typeof tmpFile !== 'string' || compressionLevel !== 0)
    return undefined;
  if (typeof prefixPath !== 'string' || !VENDOR_PATH.test(prefixPath)) return undefined;
  if (stripComponents !== 1) return undefined;
  return { file: npath.fromPortablePath(tmpFile), prefixPath, stripComponents, demanded };
}

interface YarnMessage {
  readonly tmpFile: PortablePath;
  readonly compressionLevel: unknown;
  readonly extractBufferOpts?: {
    readonly prefixPath?: unknown;
    readonly stripComponents?: unknown;
  };
}
