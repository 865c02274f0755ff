/* What a face of the gate asks for. It names formats and digests as the core does, and no registry. */
import type { Readable } from 'node:stream';
import type { ExpectedPackage, Format } from '@tarwarden/core';

/** What an archive is said to be: it is inspected as that, and its verdict holds for nothing else. */
export interface Identity {
  readonly format: Format;
  /** Name and version; absent where the name of the file says both, and cannot be parted for sure: gems. */
  readonly name?: string;
  readonly version?: string;
  /** Where the ecosystem says something by it: wheels, sdists, gems. */
  readonly fileName?: string;
}

/** Digests that metadata has of an archive, in lower-case hex. What has others does not pass. */
export interface Promised {
  readonly sha512?: string | undefined;
  readonly sha256?: string | undefined;
}

/** An answer with the bytes, from wherever they come. */
export interface Opened {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

export interface Wanted {
  readonly identity: Identity;
  readonly promised: Promised;
  /** The source, and who may have what is there: whoever asks with an equal one has it of the same download. */
  readonly key: string;
  /** Bytes that are taken; the policy's limit unless given. */
  readonly bytesMax?: number;
  /** Begins a download, which ends with the signal. */
  open(signal: AbortSignal): Promise<Opened>;
}

export function expectedOf({ name, version, fileName }: Identity): ExpectedPackage {
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(fileName !== undefined && { fileName }),
  };
}

export function labelOf({ name, version, fileName = 'an archive' }: Identity): string {
  return name === undefined ? fileName : `${name}@${version}`;
}
