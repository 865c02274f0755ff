import { createHash } from 'node:crypto';

import type { Anomaly } from './archive/anomaly.ts';
import type { Entry } from './archive/entry.ts';
import { TarReader } from './archive/tar/reader.ts';
import { EntryJudge, judgeContents, type Add } from './judge-contents.ts';
import { MAX_CLASHES, type Limits } from './limits.ts';
import { Contents } from './package/contents.ts';
import type { Clash } from './package/file-set.ts';
import type { RuleContext } from './rules/define-rule.ts';
import type { RuleId } from './rules/index.ts';
import type { FindingLog } from './verdict/finding-log.ts';

/** Hands an archive's unpacked bytes to a reader, piece by piece; says whether they are complete. May be called twice. */
export type Source = (
  piece: (bytes: Buffer) => boolean,
  anomaly: (anomaly: Anomaly) => void,
) => boolean;

/** Reads a package's tar from `source` and logs what its rules object to. */
export function judgePackage(
  source: Source,
  log: FindingLog,
  job: { limits: Limits; context: RuleContext },
): { contents: Contents; entries: number } {
  const { limits, context } = job;
  const contents = new Contents(limits.manifestBytes);
  const add: Add = (observation) => log.add(observation);
  const tell = ({ code, ...where }: Anomaly): void => add({ rule: code, ...where });
  const entries = new EntryJudge(add, context);
  const reader = new TarReader(
    {
      entry(entry) {
        entries.judge(entry);
        const wanted = contents.add(entry);
        if (contents.files.overflowed) reader.stopped = true;
        return wanted;
      },
      body(_entry, piece) {
        contents.body(piece);
      },
      anomaly: tell,
    },
    limits,
  );
  const whole = source((piece) => {
    reader.push(piece);
    return !reader.stopped;
  }, tell);
  if (whole) reader.end();
  contents.end(whole && !reader.stopped);
  judgeContents(contents, { add, context, samePath: comparer(contents, source, limits) });
  return { contents, entries: reader.entries };
}

/** Says of two entries at one path whether they are alike; reads the archive once more at the first question. */
function comparer(contents: Contents, source: Source, limits: Limits): (clash: Clash) => RuleId {
  let digests: ReadonlyMap<number, string> | undefined;
  return (clash) => {
    // One more than is compared may be there, and counts as different: no package has so many.
    digests ??= digestsOf(
      contents.files.clashes.filter(({ kind }) => kind === 'same-path').slice(0, MAX_CLASHES),
      source,
      limits,
    );
    const first = digests.get(clash.other.entry.index);
    const equal =
      first !== undefined &&
      first === digests.get(clash.entry.index) &&
      executableBy(clash.entry) === executableBy(clash.other.entry);
    return equal ? 'duplicate-path-identical' : 'duplicate-path';
  };
}

/** Who makes a file executable: pnpm looks at all three bits, others at the owner's alone. */
function executableBy({ mode }: Entry): 'all' | 'some' | 'none' {
  if (mode <= 0 || (mode & 0o111) === 0) return 'none';
  return (mode & 0o100) === 0 ? 'some' : 'all';
}

/**
 * Digests of the entries that share a path. The archive is read a second time for them: duplicates are rare, and
 * hashing every entry for their sake would cost every archive.
 */
function digestsOf(same: readonly Clash[], source: Source, limits: Limits): Map<number, string> {
  const wanted = new Set(same.flatMap((clash) => [clash.entry.index, clash.other.entry.index]));
  const hashes = new Map<
    number,
    { hash: ReturnType<typeof createHash>; size: number; taken: number }
  >();
  const digests = new Map<number, string>();
  const reader = new TarReader(
    {
      entry(entry) {
        if (!wanted.has(entry.index)) {
          // What is compared often stands at the start, and has then been read.
          if (hashes.size === wanted.size) reader.stopped = true;
          return false;
        }
        hashes.set(entry.index, {
          hash: createHash('sha256').update(`${entry.typeflag}\0`),
          size: entry.size,
          taken: 0,
        });
        return true;
      },
      body(entry, piece) {
        const state = hashes.get(entry.index)!;
        state.hash.update(piece);
        state.taken += piece.length;
      },
      anomaly: () => undefined,
    },
    limits,
  );
  source(
    (piece) => {
      reader.push(piece);
      return !reader.stopped;
    },
    () => undefined,
  );
  for (const [index, { hash, size, taken }] of hashes)
    if (taken === size) digests.set(index, hash.digest('hex'));
  return digests;
}
