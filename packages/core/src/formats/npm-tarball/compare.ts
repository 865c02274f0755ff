import { createHash } from 'node:crypto';

import type { Entry } from '../../containers/entry.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import { MAX_CLASHES } from '../../limits.ts';
import type { Clash } from '../../tree/file-set.ts';
import type { ReadOptions } from '../format.ts';
import { unpackTarball } from './read.ts';

/** Returns a function that compares two entries at one path. Its first call reads the archive once more. */
export function comparer(
  bytes: Buffer,
  clashes: readonly Clash[],
  options: ReadOptions,
): (clash: Clash) => boolean {
  let digests: ReadonlyMap<number, string> | undefined;
  return (clash) => {
    // An entry past the limit on clashes is not compared, and counts as different. No real package has so many.
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

/** Which managers make the file executable: pnpm looks at all three bits, others only at the owner's bit. */
function executableBy({ mode }: Entry): 'all' | 'some' | 'none' {
  if (mode <= 0 || (mode & 0o111) === 0) return 'none';
  return (mode & 0o100) === 0 ? 'some' : 'all';
}

interface Hashed {
  readonly hash: ReturnType<typeof createHash>;
  readonly size: number;
  hashedBytes: number;
}

/**
 * Digests of the entries that share a path. The archive is read a second time for them, because duplicates are rare, and hashing
 * every entry would slow down every archive.
 */
function digestsOf(
  bytes: Buffer,
  same: readonly Clash[],
  options: ReadOptions,
): Map<number, string> {
  const comparedIndexes = new Set(
    same.flatMap((clash) => [clash.entry.index, clash.other.entry.index]),
  );
  const hashes = new Map<number, Hashed>();
  const reader = new TarReader(
    {
      entry(entry) {
        if (!comparedIndexes.has(entry.index)) {
          // Stop after the last entry that is compared, which is often near the start.
          if (hashes.size === comparedIndexes.size) reader.stopped = true;
          return false;
        }
        const hash = createHash('sha256').update(`${entry.typeflag}\0`);
        hashes.set(entry.index, { hash, size: entry.size, hashedBytes: 0 });
        return true;
      },
      body(entry, piece) {
        const state = hashes.get(entry.index)!;
        state.hash.update(piece);
        state.hashedBytes += piece.length;
      },
      anomaly: () => undefined,
    },
    options.limits,
  );
  const take = (piece: Buffer): boolean => {
    reader.push(piece);
    return !reader.stopped;
  };
  unpackTarball(bytes, { take, anomaly: () => undefined }, options);
  const digests = new Map<number, string>();
  for (const [index, { hash, size, hashedBytes }] of hashes)
    if (hashedBytes === size) digests.set(index, hash.digest('hex'));
  return digests;
}
