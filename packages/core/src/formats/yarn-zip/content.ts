import { createHash } from 'node:crypto';

import { readZip } from '../../containers/zip/reader.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';

/**
 * A digest (SHA-256, hex) of what an archive of Yarn's cache holds: paths, types, permissions, content. Equal for two
 * archives that differ in compression or order only. Undefined where the archive cannot be read completely.
 */
export function yarnZipContent(input: Uint8Array): string | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const lines: string[] = [];
  let sound = true;
  const { complete } = readZip(
    bytes,
    {
      entry(entry, spelled) {
        lines.push(JSON.stringify([spelled, entry.typeflag, entry.mode, entry.linkpath]));
        return true;
      },
      body(body) {
        lines.push(`${lines.pop() ?? ''} ${createHash('sha256').update(body).digest('hex')}`);
      },
      anomaly: () => void (sound = false),
      enough: () => false,
    },
    { limits: DEFAULT_LIMITS },
  );
  if (!complete || !sound) return undefined;
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}
