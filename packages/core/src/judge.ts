import { createHash } from 'node:crypto';

import type { Anomaly } from './archive/anomaly.ts';
import type { Entry } from './archive/entry.ts';
import { Trait } from './archive/entry.ts';
import { TarReader } from './archive/tar/reader.ts';
import type { Limits } from './limits.ts';
import { MAX_PATH_TEXT, MAX_PLACES } from './limits.ts';
import { Contents } from './package/contents.ts';
import { isCaseOnly, type Clash } from './package/file-set.ts';
import { quote } from './printable.ts';
import type { RuleContext } from './rules/define-rule.ts';
import type { RuleId } from './rules/index.ts';
import { entryRules, packageRules } from './rules/index.ts';
import type { FindingLog } from './verdict/finding-log.ts';

/** Hands an archive's unpacked bytes to a reader, piece by piece; says whether they are complete. May be called twice. */
export type Source = (
  piece: (bytes: Buffer) => boolean,
  anomaly: (anomaly: Anomaly) => void,
) => boolean;

/** Traits that no entry rule asks for: they only steer how paths are compared. */
const SILENT = Trait.UpperCase;

/** Reads a package's tar from `source` and logs what its rules object to. */
export function judgePackage(
  source: Source,
  log: FindingLog,
  job: { limits: Limits; context: RuleContext },
): { contents: Contents; entries: number } {
  const { limits, context } = job;
  const contents = new Contents(limits.manifestBytes);
  const tell = ({ code, ...where }: Anomaly): void => log.add({ rule: code, ...where });
  const reader = new TarReader(
    {
      entry(entry) {
        if ((entry.traits & ~SILENT) !== 0) judgeEntry(entry, log, context);
        return contents.add(entry);
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
  if (contents.files.overflowed) {
    log.add({
      rule: 'entry-count-limit',
      detail: `the paths name more than ${MAX_PLACES} files and folders, or are longer than ${MAX_PATH_TEXT} characters in all`,
    });
  }
  logClashes(contents, source, { log, limits });
  for (const rule of packageRules) {
    rule.package?.(
      contents,
      (detail, entry) => log.add({ rule: rule.id, detail, ...(entry && placeOf(entry)) }),
      context,
    );
  }
  return { contents, entries: reader.entries };
}

function judgeEntry(entry: Entry, log: FindingLog, context: RuleContext): void {
  for (const rule of entryRules) {
    if ((rule.entry!.traits & entry.traits) === 0) continue;
    const detail = rule.entry!.check(entry, context);
    if (detail !== undefined) log.add({ rule: rule.id, detail, ...placeOf(entry) });
  }
}

function placeOf(entry: Entry): { offset: number; entry: string; entryIndex: number } {
  return { offset: entry.offset, entry: entry.path, entryIndex: entry.index };
}

function logClashes(
  contents: Contents,
  source: Source,
  job: { log: FindingLog; limits: Limits },
): void {
  const { clashes } = contents.files;
  if (clashes.length === 0) return;
  const same = clashes.filter((clash) => clash.kind === 'same-path');
  const digests =
    same.length === 0 ? new Map<number, string>() : digestsOf(same, source, job.limits);
  for (const clash of clashes) {
    const rule = ruleOf(clash, digests);
    if (rule === 'duplicate-path' && clash.key === 'package.json') contents.manifestConflict = true;
    job.log.add({
      rule,
      detail: `${quote(clash.entry.path)} after ${quote(clash.other.entry.path)}`,
      ...placeOf(clash.entry),
    });
  }
}

function ruleOf(clash: Clash, digests: ReadonlyMap<number, string>): RuleId {
  switch (clash.kind) {
    case 'same-path': {
      const first = digests.get(clash.other.entry.index);
      const equal =
        first !== undefined &&
        first === digests.get(clash.entry.index) &&
        isExecutable(clash.entry) === isExecutable(clash.other.entry);
      return equal ? 'duplicate-path-identical' : 'duplicate-path';
    }
    case 'fold':
      return isCaseOnly(clash) ? 'case-collision' : 'unicode-collision';
    case 'file-directory':
      return 'file-directory-conflict';
    case 'through-link':
      return 'write-through-link';
  }
}

function isExecutable(entry: Entry): boolean {
  // pnpm looks at all three bits, others at the owner's alone.
  return entry.mode > 0 && (entry.mode & 0o111) !== 0;
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
        if (!wanted.has(entry.index)) return false;
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
