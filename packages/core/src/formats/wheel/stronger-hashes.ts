import type { ArchiveBytes } from '../../containers/archive-file.ts';
import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { readZip } from '../../containers/zip/reader.ts';
import type { Limits } from '../../limits.ts';
import { HashedBody, type Algorithm } from './hashed-body.ts';
import type { RecordFile } from './record.ts';
import type { WheelEntry } from './wheel-package.ts';

const STRONGER = /^(sha384|sha512)=/;

/** Files with a hash in RECORD that is stronger than SHA-256, by the index of their entry. */
function strongerIn(
  record: RecordFile,
  files: ReadonlyMap<string, WheelEntry>,
): Map<number, Algorithm> {
  const wanted = new Map<number, Algorithm>();
  for (const { path, hash } of record.lines) {
    const [, algorithm] = STRONGER.exec(hash) ?? [];
    const file = files.get(path);
    if (file !== undefined && algorithm !== undefined)
      wanted.set(file.entry.index, algorithm as Algorithm);
  }
  return wanted;
}

/**
 * Computes the hashes for which RECORD has a stronger algorithm than SHA-256, in a second reading. RECORD usually comes last, and no
 * real wheel has such hashes, so the first reading computes only SHA-256.
 */
export function computeStronger(
  archive: ArchiveBytes,
  files: Map<string, WheelEntry>,
  { record, limits }: { readonly record: RecordFile; readonly limits: Limits },
): void {
  const wanted = strongerIn(record, files);
  if (wanted.size === 0) return;
  const bodies: HashedBody[] = [];
  readZip(
    archive,
    {
      entry: (entry) => {
        const algorithm = wanted.get(entry.index);
        if (algorithm !== undefined) bodies.push(new HashedBody(entry, { keep: false, algorithm }));
        return algorithm !== undefined;
      },
      body: (piece) => bodies.at(-1)?.add(piece),
      // The first reading has reported the anomalies.
      anomaly: () => {},
      enough: () => bodies.length === wanted.size,
    },
    { limits, dialect: COMMON_ZIP },
  );
  for (const body of bodies) files.set(body.entry.path, { entry: body.entry, hash: body.digest() });
}
