/* The requests of a face to the gate. They name formats and digests as the core does, and no registry. */
import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ExpectedPackage, Format } from '@tarwarden/core';
import { ecosystemOf } from '@tarwarden/core';
import { sourceKey } from '@tarwarden/host';

/** The format, name and version that an archive is said to have. It is inspected as that, and its verdict holds for nothing else. */
export interface ArchiveIdentity {
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

export interface WantedArchive {
  readonly identity: ArchiveIdentity;
  readonly promised: Promised;
  /** URL of the archive. */
  readonly location: string;
  /** The client that asks, as `readerOf` names it: the registry may send different bytes to another user at the same URL. */
  readonly reader: string;
  /** Bytes that are taken; the policy's limit unless given. */
  readonly bytesMax?: number;
  /** Begins a download, which ends with the signal. */
  open(signal: AbortSignal): Promise<Opened>;
}

/** Requests with equal keys share one download. */
export function flightKey({ location, reader, identity, promised }: WantedArchive): string {
  const { format, name, version, fileName } = identity;
  const { sha512, sha256 } = promised;
  const source = sourceKey(ecosystemOf[format], {
    location,
    commit: undefined,
    folder: undefined,
    integrity: JSON.stringify([sha512 ?? null, sha256 ?? null]),
    fileName,
    format,
    // The registry vouches for a gem by the name of its file alone.
    expected: name === undefined || version === undefined ? undefined : { name, version },
  });
  // A digest, since it is remembered for many archives, and addresses may be long.
  return hash('sha256', `${reader} ${source}`, 'base64');
}

export function expectedArchive({ name, version, fileName }: ArchiveIdentity): ExpectedPackage {
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(fileName !== undefined && { fileName }),
  };
}

export function archiveLabel({ name, version, fileName = 'an archive' }: ArchiveIdentity): string {
  return name === undefined ? fileName : `${name}@${version}`;
}
