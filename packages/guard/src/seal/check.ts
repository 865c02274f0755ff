import { lstatSync, opendirSync } from 'node:fs';
import { readBounded } from '../files/read-bounded.ts';
import { contents, type WantedFile } from './contents.ts';
import {
  comparePaths,
  openSeal,
  SealFormatError,
  type FileContent,
  type SealedEntry,
  DIFFERENCES_MAX,
  SEAL_BYTES_MAX,
} from './format.ts';
import { placeOf, readable, walkFolder, type FolderEnd, type WalkedEntry } from './walk.ts';
import type { SealOptions, SealTotals } from './write.ts';

/** Something below a folder that is not as it was sealed. */
export interface SealDifference {
  readonly path: Buffer;
  readonly is: 'added' | 'missing' | 'changed';
  /** The change, or the kind of an added entry, for people. */
  readonly what?: string;
}

export type CheckedSeal =
  /** There is nothing to check, as in a job without a cache. */
  | { readonly status: 'absent'; readonly reason: string }
  | ({ readonly status: 'whole' } & SealTotals)
  | {
      readonly status: 'not-whole';
      /** The problem of the folder or its seal, as the rest of a sentence. Absent if only entries differ. */
      readonly reason?: string;
      /** At most DIFFERENCES_MAX. */
      readonly differences: readonly SealDifference[];
      readonly differenceCount: number;
    };

type Step =
  | { readonly is: 'both'; readonly entry: WalkedEntry; readonly sealed: SealedEntry }
  | { readonly is: 'added'; readonly entry: WalkedEntry }
  | { readonly is: 'missing'; readonly sealed: SealedEntry }
  | { readonly is: 'end'; readonly end: FolderEnd };

/**
 * Compares a folder with its seal. If the writer of a cache can cause a problem with the seal, the folder is "not whole". An error means
 * that the system refuses something.
 * @throws TarwardenError if something cannot be read, changes meanwhile, or is past a limit.
 */
export async function checkSeal(options: SealOptions): Promise<CheckedSeal> {
  const { startThread, onProgress } = options;
  const { path: folder, folderName, seal, sealName, kind } = placeOf(options);
  if (kind === 'missing') return { status: 'absent', reason: 'does not exist' };
  if (kind !== 'folder') return notWhole(kind === 'link' ? 'is a link' : 'is not a folder');
  const bytes = readSealFile(seal);
  if (bytes === undefined && isEmptyFolder(folder)) return { status: 'absent', reason: 'is empty' };
  if (!Buffer.isBuffer(bytes)) return notWhole(bytes ?? 'has no seal');
  const opened = openSeal(bytes, { ...options, folderName });
  if ('reason' in opened) return notWhole(`has a seal that ${opened.reason}`);
  const differences: SealDifference[] = [];
  let differenceCount = 0;
  let entries = 0;
  let totalBytes = 0;
  try {
    const steps = pairs(walkFolder(folder, sealName), opened.entries);
    for await (const [step, content] of contents({ folder, steps, fileOf, startThread })) {
      if (step.is === 'end') {
        step.end.check();
        continue;
      }
      const difference = differenceIn(step, content);
      if (difference !== undefined) {
        differenceCount += 1;
        if (differences.length < DIFFERENCES_MAX) differences.push(difference);
      }
      entries += 1;
      totalBytes += content?.size ?? 0;
      onProgress(entries);
    }
  } catch (error) {
    if (error instanceof SealFormatError) return notWhole(`has a seal that ${error.message}`);
    throw error;
  }
  return differenceCount === 0
    ? { status: 'whole', entries, bytes: totalBytes }
    : { status: 'not-whole', differences, differenceCount };
}

function notWhole(reason: string): CheckedSeal {
  return { status: 'not-whole', reason, differences: [], differenceCount: 0 };
}

/** The bytes of a seal, or what is wrong with its file. Undefined if there is none. */
function readSealFile(path: string): Buffer | string | undefined {
  return readable(Buffer.from(path), () => {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return undefined;
    if (!facts.isFile()) return 'has a seal that is not a regular file';
    const { bytes } = readBounded(path, { bytesMax: SEAL_BYTES_MAX, follow: false });
    return bytes ?? 'has a seal that is too large';
  });
}

function isEmptyFolder(folder: Buffer): boolean {
  return readable(folder, () => {
    const open = opendirSync(folder.toString());
    try {
      return open.readSync() === null;
    } finally {
      open.closeSync();
    }
  });
}

/** Walks through the folder and its seal together. Both are in the same order. */
function* pairs(
  walk: ReturnType<typeof walkFolder>,
  sealed: Iterator<SealedEntry, undefined, undefined>,
): Generator<Step, undefined, undefined> {
  let expected = sealed.next().value;
  let isEntered = true;
  for (;;) {
    const { value } = walk.next(isEntered);
    isEntered = true;
    if (value?.kind === 'end') {
      yield { is: 'end', end: value };
      continue;
    }
    while (
      expected !== undefined &&
      (value === undefined || comparePaths(expected.path, value.path) < 0)
    ) {
      yield { is: 'missing', sealed: expected };
      expected = sealed.next().value;
    }
    if (value === undefined) return undefined;
    if (expected !== undefined && comparePaths(expected.path, value.path) === 0) {
      yield { is: 'both', entry: value, sealed: expected };
      isEntered = expected.kind === 'folder';
      expected = sealed.next().value;
    } else {
      yield { is: 'added', entry: value };
      // The content of an added folder says no more, and may be endless.
      isEntered = false;
    }
  }
}

/** Only a file that is sealed is read, and only if it has the sealed size: another one may be of any length. */
function fileOf(step: Step): WantedFile | undefined {
  if (step.is !== 'both' || step.entry.kind !== 'file' || step.sealed.kind !== 'file')
    return undefined;
  return { path: step.entry.path, size: step.sealed.content.size };
}

function differenceIn(
  step: Exclude<Step, { readonly is: 'end' }>,
  content: FileContent | undefined,
): SealDifference | undefined {
  if (step.is === 'missing') return { is: 'missing', path: step.sealed.path };
  const { entry } = step;
  if (step.is === 'added') return { is: 'added', path: entry.path, what: entry.kind };
  const change = changeOf(step.sealed, entry, content);
  return change === undefined ? undefined : { is: 'changed', path: entry.path, what: change };
}

function changeOf(
  sealed: SealedEntry,
  entry: WalkedEntry,
  content: FileContent | undefined,
): string | undefined {
  if (sealed.kind !== entry.kind) return `${sealed.kind} became ${entry.kind}`;
  if (entry.kind === 'link')
    return sealed.kind === 'link' && sealed.target.equals(entry.target) ? undefined : 'target';
  if (sealed.kind === 'folder')
    return entry.kind === 'folder' ? modeChange(sealed.mode, entry.mode, SETGID) : undefined;
  if (sealed.kind !== 'file' || content === undefined) return 'kind';
  if (sealed.content.size !== content.size)
    return `size ${sealed.content.size} became ${content.size}`;
  if (Buffer.compare(sealed.content.sha256, content.sha256) !== 0) return 'content';
  return modeChange(sealed.content.mode, content.mode);
}

const OWNER_BITS = 0o700;
const SETGID = 0o2000;

/**
 * A restore by an ordinary user may take bits away: tar applies the umask, and drops setuid, setgid and sticky bits. It never changes the
 * owner's bits and never adds any. But a new folder gets the setgid bit of the folder above. There it only chooses the group of new files.
 */
function modeChange(sealed: number, current: number, inherited = 0): string | undefined {
  const isSame =
    (sealed & OWNER_BITS) === (current & OWNER_BITS) && (current & ~(sealed | inherited)) === 0;
  return isSame ? undefined : `mode ${octal(sealed)} became ${octal(current)}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
