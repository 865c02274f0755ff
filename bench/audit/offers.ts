/* The real tarballs in the registry for the audit's benchmark. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { inspect } from '@tarwarden/core';

import { tarballs } from '../corpus.ts';

export interface Offer {
  readonly name: string;
  readonly version: string;
  readonly bytes: Buffer;
  readonly integrity: string;
  /** Path at the registry. */
  readonly path: string;
  /** Key in package-lock.json. */
  readonly key: string;
}

/** Larger ones are few, and each alone would make up most of a small lockfile. */
const BYTES_MAX = 1024 * 1024;

/**
 * The first `count` accepted tarballs of the corpus. Where it has fewer, they come again compressed in another way: other bytes
 * with another integrity, which have to be fetched and inspected by themselves.
 */
export async function offers(count: number): Promise<Offer[]> {
  const real = (await tarballs('corpus'))
    .filter(({ bytes }) => bytes.length < BYTES_MAX && inspect(bytes).status === 'accept')
    .map(({ id, bytes }) => ({ id, bytes }));
  return Array.from({ length: count }, (_, at) => {
    const round = Math.floor(at / real.length);
    const { id, bytes } = real[at % real.length]!;
    return offer(id, round, round === 0 ? bytes : gzipSync(gunzipSync(bytes), { level: round }));
  });
}

function offer(id: string, round: number, bytes: Buffer): Offer {
  const at = id.lastIndexOf('@');
  const [name, version] = [id.slice(0, at), id.slice(at + 1)];
  const again = round === 0 ? '' : `again-${round}`;
  return {
    name,
    version,
    bytes,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    path: `${again && `/${again}`}/${name}/-/${name.replace(/^@.*\//, '')}-${version}.tgz`,
    key: `${again && `node_modules/${again}/`}node_modules/${name}`,
  };
}
