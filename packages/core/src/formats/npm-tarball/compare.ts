import { createHash } from 'node:crypto';

import type { Entry } from '../../containers/entry.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import { MAX_CLASHES } from '../../limits.ts';
import type { Clash } from '../../tree/file-set.ts';
import type { ReadOptions } from '../format.ts';
import { unpack } from './read.ts';

/** Says of two entries at one path whether they are alike; reads the archive once more at the first question. */
export function comparer(
  bytes: Buffer,
  clashes: readonly Clash[],
  options: ReadOptions,
): (clash: Clash) => boolean {
  let digests: ReadonlyMap<number, string> | undefined;
  return (clash) => {
    // One more than is compared may be there, and counts as different: no package has so many.
    digests ??= digestsOf(
      bytes,
      clashes.filter(({ kind }) => kind === 'same-path').slice(0, MAX_CLASHES),
      options,
    );
    const first = digests.get(clash.other.entry.index);
    return (
      first !== undefined &&
      first === digests.get(clash.entry.index) &&
      executableBy(clash.entry) === executableBy(clash.other.entry)
    );
  };
}

/** Who makes a file executable: pnpm looks at all three bits, others at the owner's alone. */
function executableBy({ mode }: Entry): 'all' | 'some' | 'none' {
  if (mode <= 0 || (mode & 0o111) === 0) return 'none';
  return (mode & 0o100) === 0 ? 'some' : 'all';
}

interface Hashed {
  readonly hash: ReturnType<typeof createHash>;
  readonly size: number;
  taken: number;
}

/**
 * Digests of the entries that share a path. The archive is read a second time for them: duplicates are rare, and
 * hashing every entry for their sake would cost every archive.
 */
function digestsOf(
  bytes: Buffer,
  same: readonly Clash[],
  options: ReadOptions,
): Map<number, string> {
  const wanted = new Set(same.flatMap((clash) => [clash.entry.index, clash.other.entry.index]));
  const hashes = new Map<number, Hashed>();
  const reader = new TarReader(
    {
      entry(entry) {
        if (!wanted.has(entry.index)) {
          // What is compared is often at the start, and has then been read.
          if (hashes.size === wanted.size) reader.stopped = true;
          return false;
        }
        const hash = createHash('sha256').update(`${entry.typeflag}\0`);
        hashes.set(entry.index, { hash, size: entry.size, taken: 0 });
        return true;
      },
      body(entry, piece) {
        const state = hashes.get(entry.index)!;
        state.hash.update(piece);
        state.taken += piece.length;
      },
      anomaly: () => undefined,
    },
    options.limits,
  );
  const take = (piece: Buffer): boolean => {
    reader.push(piece);
    return !reader.stopped;
  };
  unpack(bytes, { take, anomaly: () => undefined }, options);
  const digests = new Map<number, string>();
  for (const [index, { hash, size, taken }] of hashes)
    if (taken === size) digests.set(index, hash.digest('hex'));
  return digests;
}
