import { lstatSync, readFileSync, realpathSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { errnoOf, isMissing, makeFolders, replaceFile } from '@tarwarden/host';
import { missingFolders, notSetUp } from './folders.ts';

/** Profiles are written by hand. A larger file is something else. */
const PROFILE_BYTES_MAX = 4 * 1024 * 1024;

/** The way without setup, for a profile that another program writes. */
const BY_HAND =
  'write the shims with "tarwarden shims DIR", and put DIR first on the PATH yourself';

/** Permissions of folders that are made for the user. */
const FOLDER_MODE = 0o755;

/** The change of one file. */
export interface SetupChange {
  /** The path as the user knows it. */
  readonly path: string;
  /** The file itself, if the path is a link. */
  readonly real: string;
  /** Undefined if there is no file. */
  readonly before: Buffer | undefined;
  /** Undefined if the file is removed. */
  readonly after: Buffer | undefined;
  /** The permissions of the new file. Without them, those of the old file stay. */
  readonly mode?: number;
}

/** The bytes of a file that setup alone writes. Undefined if there is none. */
export function bytesAt(path: string): Buffer | undefined {
  try {
    return lstatSync(path).isFile() ? readFileSync(path) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw notSetUp(
      `${quote(path)} cannot be read (${errnoOf(error) ?? 'no reason is known'})`,
      error,
    );
  }
}

/** The text of a file, with one character for each byte. It is empty if the file cannot be read, or is no regular file. */
export function profileText(path: string): string {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > PROFILE_BYTES_MAX) return '';
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** A profile as it is now. */
export interface Profile {
  readonly path: string;
  readonly real: string;
  readonly bytes: Buffer | undefined;
}

/**
 * Reads a profile that may be changed: a file of this user, or a link that leads to such a file.
 * @param options `ofAnyUser`: a service has made the file for this job, in which another user may run.
 * @throws TarwardenError if it is something else.
 */
export function readProfile(
  path: string,
  { ofAnyUser = false }: { readonly ofAnyUser?: boolean } = {},
): Profile {
  const refuse = (why: string, cause?: unknown): TarwardenError =>
    notSetUp(`${quote(path)} ${why}`, cause);
  try {
    const link = lstatSync(path, { throwIfNoEntry: false });
    if (link === undefined) return { path, real: path, bytes: undefined };
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw refuse('is a link to a file that does not exist');
    if (found.isDirectory()) throw refuse('is a folder, and should be a file');
    if (!found.isFile()) throw refuse('is not a regular file');
    const { geteuid } = process;
    if (!ofAnyUser && geteuid !== undefined && found.uid !== geteuid())
      throw refuse(`belongs to another user. Setup changes only your own files: ${BY_HAND}`);
    if ((found.mode & 0o200) === 0) throw refuse(`is read-only: make it writable, or ${BY_HAND}`);
    if (found.size > PROFILE_BYTES_MAX) throw refuse('is too large for a profile');
    return { path, real: realpathSync(path), bytes: readFileSync(path) };
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    throw refuse(`cannot be read (${errnoOf(error) ?? 'no reason is known'})`, error);
  }
}

/** The changes that change something. */
export function realChanges(changes: readonly SetupChange[]): SetupChange[] {
  return changes.filter(({ before, after, mode, real }) => {
    if (before === undefined || after === undefined) return before !== after;
    return !before.equals(after) || (mode !== undefined && (statSync(real).mode & 0o777) !== mode);
  });
}

/**
 * Makes all changes, or none: if one fails, the others are taken back.
 * @throws TarwardenError
 */
export function applyChanges(changes: readonly SetupChange[]): void {
  for (const { path, real, before } of changes) {
    const now = bytesAt(real);
    if (before === undefined ? now !== undefined : now?.equals(before) !== true)
      throw notSetUp(`${quote(path)} changed meanwhile: run this again`);
  }
  const done: SetupChange[] = [];
  const made: string[] = [];
  try {
    for (const change of changes) {
      if (change.after !== undefined) made.push(...makeMissing(change.real));
      writeOrRemove(change);
      done.push(change);
    }
  } catch (error) {
    for (const { real, before, after } of done.toReversed())
      writeOrRemove({ path: real, real, before: after, after: before });
    removeEmptyFolders(made);
    const why = error instanceof TarwardenError ? error.message : systemMessage(error);
    throw notSetUp(why, error);
  }
}

/** Removes those of the folders that are empty, the deepest first. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of folders.toSorted((left, right) => right.length - left.length)) {
    try {
      rmdirSync(folder);
    } catch {
      // It has other files, or is gone.
    }
  }
}

function makeMissing(file: string): string[] {
  const missing = missingFolders(file);
  makeFolders(dirname(file), FOLDER_MODE);
  return missing;
}

function writeOrRemove({ real, after, mode }: SetupChange): void {
  if (after === undefined) rmSync(real, { force: true });
  else replaceFile(real, after, mode === undefined ? {} : { permissions: mode });
}

function systemMessage(error: unknown): string {
  const { path } = error as NodeJS.ErrnoException;
  return `${quote(path ?? 'a folder')} cannot be written (${errnoOf(error) ?? (error as Error).message})`;
}
