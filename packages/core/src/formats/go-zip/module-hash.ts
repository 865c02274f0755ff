import { createHash, type Hash } from 'node:crypto';

import { readZip } from '../../containers/zip/reader.ts';
import { DEFAULT_LIMITS, MAX_MODULE_BYTES, type Limits } from '../../limits.ts';
import { MODULE_ZIP } from './dialect.ts';

/**
 * The `h1:` hash of a module zip, as in go.sum and the module cache (golang.org/x/mod/sumdb/dirhash, Hash1): the SHA-256 of the
 * sorted list of SHA-256 and name of each file. Undefined if the archive cannot be read completely within the limits.
 */
export function goModuleHash(
  input: Uint8Array,
  limits: Limits = DEFAULT_LIMITS,
): string | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const files: { readonly name: string; readonly hash: Hash }[] = [];
  let sound = true;
  const { complete } = readZip(
    bytes,
    {
      entry({ linkpath }, spelled) {
        sound &&= !spelled.includes('\n');
        // The reader gives the target of a link here, and no body. For go the target is the content of a file.
        files.push({ name: spelled, hash: createHash('sha256').update(linkpath) });
        return true;
      },
      body: (piece) => void files.at(-1)!.hash.update(piece),
      anomaly: () => undefined,
      enough: () => false,
    },
    { limits: { ...limits, unpackedBytes: MAX_MODULE_BYTES }, dialect: MODULE_ZIP },
  );
  if (!complete || !sound) return undefined;
  const sorted = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const hash = createHash('sha256');
  for (const file of sorted) hash.update(`${file.hash.digest('hex')}  ${file.name}\n`);
  return `h1:${hash.digest('base64')}`;
}
