/* Tarballs that Yarn keeps beside the files that it unpacked from them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Policy } from '@tarwarden/core';
import { hasIntegrity, readBounded } from '@tarwarden/host';
import type { CacheRequest } from './requests.ts';

/** The tarball that a folder of the cache was unpacked from. */
const TARBALL = '.yarn-tarball.tgz';

/**
 * Whether bytes have the hash that a lockfile or registry promised. False if nothing is promised: a package can contain a file with the
 * name that Yarn gives to the tarball.
 */
export function isPromised(bytes: Buffer, request: CacheRequest | undefined): boolean {
  const { integrity, hash } = request?.remote ?? {};
  if (typeof integrity === 'string' && integrity !== '') return hasIntegrity(bytes, integrity);
  return typeof hash === 'string' && hash === createHash('sha1').update(bytes).digest('hex');
}

/** The bytes of the tarball that Yarn has unpacked into a folder of its cache. Undefined if it is missing or too long. */
export function keptTarball(folder: string, bytesMax: number): Buffer | undefined {
  try {
    return readBounded(join(folder, TARBALL), { bytesMax, follow: false }).bytes;
  } catch {
    return undefined;
  }
}

/** Yarn's own packer writes a long path only into a PAX record. Only Yarn unpacks such a tar. */
export function packedBy(policy: Policy): Policy {
  return { ...policy, levels: { ...policy.levels, 'pax-path-mismatch': 'off' } };
}
