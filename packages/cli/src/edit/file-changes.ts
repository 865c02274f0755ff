import { existsSync, lstatSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { errnoOf, isMissing, isWithin, makeFolders, replaceFile } from '@tarwarden/guard';

/** Permissions of folders that are made for the user. */
const FOLDER_MODE = 0o755;

export interface FileChange {
  /** The path as the user knows it. */
  readonly path: string;
  /** The file itself. The path may be a link to it, or relative to the project. */
  readonly real: string;
  /** Undefined if there is no file. */
  readonly before: Buffer | undefined;
  /** Undefined if the file is removed. */
  readonly after: Buffer | undefined;
  /** The permissions of the new file. Without them, those of the old file stay. */
  readonly mode?: number;
}

/** The error about a file that cannot be changed. */
export function notWritten(why: string, cause?: unknown): TarwardenError {
  return new TarwardenError('NOT_WRITTEN', why, { cause });
}

export function notSetUp(why: string, cause?: unknown): TarwardenError {
  return notWritten(`${why}. Nothing was changed`, cause);
}

/** The bytes of a file that the command alone writes. Undefined if there is none. */
function bytesAt(path: string): Buffer | undefined {
  try {
    return lstatSync(path).isFile() ? readFileSync(path) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw notSetUp(`${quote(path)} cannot be read (${reasonOf(error)})`, error);
  }
}

/** The change of a file that the command alone writes. */
export function ownFileChange(path: string, after?: string, mode?: number): FileChange {
  const content = after === undefined ? undefined : Buffer.from(after);
  return { path, real: path, before: bytesAt(path), after: content, ...(mode && { mode }) };
}

export function realChanges(changes: readonly FileChange[]): FileChange[] {
  return changes.filter(({ before, after, mode, real }) => {
    if (before === undefined || after === undefined) return before !== after;
    return !before.equals(after) || (mode !== undefined && (statSync(real).mode & 0o777) !== mode);
  });
}

/**
 * Makes all changes, or none: if one fails, the others are taken back.
 * @param readNow Reads a file again, just before the changes.
 * @throws TarwardenError
 */
export function applyChanges(
  changes: readonly FileChange[],
  readNow: (change: FileChange) => Buffer | undefined = ({ real }) => bytesAt(real),
): void {
  for (const change of changes) {
    const { path, before } = change;
    const current = readNow(change);
    if (before === undefined ? current !== undefined : current?.equals(before) !== true)
      throw notSetUp(`${quote(path)} changed meanwhile: run this again`);
  }
  const doneChanges: FileChange[] = [];
  const madeFolders: string[] = [];
  try {
    for (const change of changes) {
      if (change.after !== undefined) {
        madeFolders.push(...missingFolders(change.real));
        makeFolders(dirname(change.real), FOLDER_MODE);
      }
      writeOrRemove(change);
      doneChanges.push(change);
    }
  } catch (error) {
    for (const { path, real, before, after } of doneChanges.toReversed())
      writeOrRemove({ path, real, before: after, after: before });
    removeEmptyFolders(madeFolders);
    if (error instanceof TarwardenError) throw notSetUp(error.message, error);
    const { path = 'a folder' } = error as NodeJS.ErrnoException;
    throw notSetUp(`${quote(path)} cannot be written (${reasonOf(error)})`, error);
  }
}

function writeOrRemove({ real, after, mode }: FileChange): void {
  if (after === undefined) rmSync(real, { force: true });
  else replaceFile(real, after, mode === undefined ? {} : { permissions: mode });
}

/** Removes the folders that are empty without the removed files, up to the root. Outside of the root, only a file's own folder. */
export function removeEmptiedFolders(changes: readonly FileChange[], root: string): void {
  const above = (path: string): string[] => {
    const folder = dirname(path);
    return folder !== root && isWithin(root, folder) ? [folder, ...above(folder)] : [folder];
  };
  const removed = changes.filter(({ after }) => after === undefined);
  removeEmptyFolders(removed.flatMap(({ real }) => above(real)).filter((path) => path !== root));
}

/** The word about changes in a report, as wide as the others. */
export function changeVerb(changes: readonly FileChange[]): 'new    ' | 'change ' | 'remove ' {
  if (changes.every(({ before }) => before === undefined)) return 'new    ';
  return changes.every(({ after }) => after === undefined) ? 'remove ' : 'change ';
}

/** Removes those of the folders that are empty, the deepest first. */
function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of [...new Set(folders)].toSorted(
    (left, right) => right.length - left.length,
  )) {
    try {
      rmdirSync(folder);
    } catch {
      // It has other files, or is gone.
    }
  }
}

/** The folders above a path that do not exist, the topmost first. */
export function missingFolders(path: string): string[] {
  const folder = dirname(path);
  if (existsSync(folder) || folder === path) return [];
  return [...missingFolders(folder), folder];
}

/**
 * The text without a block of whole lines. If the block ends the text without a line end, the line end before it is removed as well.
 */
export function withoutLines(text: string, start: number, end: number): string {
  const before = text.slice(0, start);
  const isLast = end === text.length && !text.endsWith('\n');
  return (isLast ? before.replace(/\r?\n$/, '') : before) + text.slice(end);
}

/** The system's name for an error, for a sentence. */
export function reasonOf(error: unknown): string {
  return errnoOf(error) ?? 'no reason is known';
}
