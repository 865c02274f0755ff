/* Tarballs that Yarn keeps beside the files that it unpacked from them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Policy } from '@tarwarden/core';
import { hasIntegrity, integrityOf, readBounded } from '@tarwarden/host';
import { METADATA } from './folder-note.ts';
import type { CacheRequest } from './requests.ts';

export interface AcceptedBytes {
  readonly integrity: string;
  /** Hex. Old lockfiles have this hash. */
  readonly sha1: string;
  readonly git: boolean;
}

/** Accepted bytes, and the note of the folder that was unpacked from them. */
interface Noted extends AcceptedBytes {
  readonly note: string;
  /** Digest of the manifest beside it. Absent if the guard did not see Yarn write it. */
  readonly manifest?: string;
}

/** The note of an earlier run about a folder. Undefined if it is not valid. */
export function parseNoted(text: string): Noted | undefined {
  try {
    const { note, integrity, sha1, git, manifest } = JSON.parse(text) as Partial<Noted>;
    if (note === undefined || integrity === undefined || sha1 === undefined) return undefined;
    return {
      note,
      integrity,
      sha1,
      git: git === true,
      ...(manifest !== undefined && { manifest }),
    };
  } catch {
    return undefined;
  }
}

export function hashesOf(bytes: Buffer): { integrity: string; sha1: string } {
  return { integrity: integrityOf(bytes), sha1: createHash('sha1').update(bytes).digest('hex') };
}

/** Whether bytes have the hash that a lockfile or registry promised, if it can be compared. */
export function isPromised(
  { integrity, sha1 }: AcceptedBytes,
  request: CacheRequest | undefined,
  bytes?: Buffer,
): boolean {
  const { integrity: promised, hash } = request?.remote ?? {};
  if (typeof promised === 'string' && promised !== '') {
    if (bytes !== undefined) return hasIntegrity(bytes, promised);
    // Without the bytes, only their known hashes can be compared. For another algorithm, the caller reads the bytes.
    return promised.split(/\s+/).some((hash) => hash === integrity || hash === sha1Integrity(sha1));
  }
  return typeof hash !== 'string' || hash === '' || hash === sha1;
}

function sha1Integrity(hex: string): string {
  return `sha1-${Buffer.from(hex, 'hex').toString('base64')}`;
}

/** More than the longest package.json that is read. */
const METADATA_MAX = 64 * 1024 * 1024;

/** The digest of a manifest that Yarn has rewritten, with checked names and with paths inside the package. */
export function manifestDigest(manifest: unknown): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}

/** The digest of the manifest beside an unpacked package. Undefined if there is none. */
export function keptManifest(folder: string): string | undefined {
  const bytes = readKeptFile(join(folder, METADATA), METADATA_MAX);
  try {
    const { manifest } = JSON.parse(bytes?.toString() ?? '{}') as { manifest?: unknown };
    return manifest === undefined ? undefined : manifestDigest(manifest);
  } catch {
    return undefined;
  }
}

export function readKeptFile(path: string, bytesMax: number): Buffer | undefined {
  try {
    return readBounded(path, { bytesMax, follow: false }).bytes;
  } catch {
    return undefined;
  }
}

/** Removes the first component as tar-fs does, at the first slash. */
export function withoutFirst(path: string): string {
  return path.split('/').slice(1).join('/');
}

/** Yarn's own packer writes a long path only into a PAX record. Only Yarn unpacks such a tar. */
export function packedBy(policy: Policy): Policy {
  return { ...policy, levels: { ...policy.levels, 'pax-path-mismatch': 'off' } };
}
