import { createHash, type Hash } from 'node:crypto';

import { readZip } from '../../containers/zip/reader.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { YARN_ZIP } from './dialect.ts';

/**
 * A digest (SHA-256, hex) of the paths, types, permissions and content in an archive of Yarn's cache. It is equal for two archives
 * that differ only in compression or order. Undefined if the archive cannot be read completely.
 */
export function yarnZipContent(input: Uint8Array): string | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const entries: { readonly line: string; readonly hash: Hash }[] = [];
  let sound = true;
  const { complete } = readZip(
    bytes,
    {
      entry(entry, spelled) {
        const line = JSON.stringify([spelled, entry.typeflag, entry.mode, entry.linkpath]);
        entries.push({ line, hash: createHash('sha256') });
        return true;
      },
      body: (piece) => void entries.at(-1)?.hash.update(piece),
      anomaly: () => void (sound = false),
      enough: () => false,
    },
    { limits: DEFAULT_LIMITS, dialect: YARN_ZIP },
  );
  if (!complete || !sound) return undefined;
  const lines = entries.map(({ line, hash }) => `${line} ${hash.digest('hex')}`);
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}
