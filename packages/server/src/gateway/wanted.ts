/* The requests of faces to the gate. They use the core's formats and digests, and do not depend on a registry. */
import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ExpectedPackage, Format } from '@tarwarden/core';
import type { Claim } from '@tarwarden/core/policy';
import { ecosystemOf } from '@tarwarden/core';
import { sourceKey } from '@tarwarden/guard';

/** The identity that an archive is inspected against. Its verdict holds for no other. */
export interface ArchiveIdentity {
  readonly format: Format;
  /** Name and version; absent for gems, whose file name contains both and cannot be split for sure. */
  readonly name?: string;
  readonly version?: string;
  /** Set if the format reads facts from it: wheels, sdists, gems. */
  readonly fileName?: string;
}

/** The digests of an archive in the metadata, in lower-case hex. Bytes with other digests do not pass. */
export interface Promised {
  readonly sha512?: string | undefined;
  readonly sha256?: string | undefined;
}

/** An answer with the bytes, from any source. */
export interface Opened {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** The words of an index about an archive, beside its digests. */
export interface WordsBesideWheel {
  /** SHA-256 of the metadata file that the index has beside a wheel. If it is that of METADATA, no claim is needed. */
  readonly document: string | undefined;
  readonly claims: () => Promise<readonly Claim[]>;
}

export interface ArchiveRegistry {
  readonly address: string;
  /** Whether to ask a server even though there is a copy of its answer. */
  isWorthAsking(url: URL): boolean;
  /** Called when a server has not answered in time. */
  tooLate(url: URL): void;
}

export interface WantedArchive {
  readonly identity: ArchiveIdentity;
  readonly promised: Promised;
  /** The registry whose document names the archive. */
  readonly registry: ArchiveRegistry;
  /** URL of the archive. */
  readonly location: string;
  /** The client, as the upstream names it: the registry may send other users different bytes at the same URL. */
  readonly reader: string;
  /** The client whose part of each budget the download uses, as `requestClient` names it. */
  readonly client?: string;
  /** The most bytes that are accepted; default: the policy's limit. */
  readonly bytesMax?: number;
  /** Starts a download, which the signal aborts. `conditions`: headers of a conditional request. */
  open(signal: AbortSignal, conditions?: Readonly<Record<string, string>>): Promise<Opened>;
}

/** Requests with equal keys share one download. */
export function flightKey({
  registry,
  location,
  reader,
  identity,
  promised,
}: WantedArchive): string {
  const { format, name, version, fileName } = identity;
  const { sha512, sha256 } = promised;
  const source = sourceKey(ecosystemOf[format], {
    location,
    commit: undefined,
    folder: undefined,
    integrity: JSON.stringify([sha512 ?? null, sha256 ?? null]),
    fileName,
    format,
    // The registry vouches for a gem by its file name alone.
    expected: name === undefined || version === undefined ? undefined : { name, version },
  });
  // A digest, because it is remembered for many archives and addresses may be long.
  return hash('sha256', `${reader} ${registry.address} ${source}`, 'base64');
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
