import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { strongest } from './integrity.ts';

/** Like `hasIntegrity`, for a file that may be long. In its own module, so that guards do not load it. */
export async function fileHasIntegrity(path: string, integrity: string): Promise<boolean> {
  const hashes = strongest(integrity);
  const [firstHash] = hashes;
  if (firstHash === undefined) return false;
  const algorithm = firstHash.slice(0, firstHash.indexOf('-'));
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hashes.includes(`${algorithm}-${hash.digest('base64')}`);
}
