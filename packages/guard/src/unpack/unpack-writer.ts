import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Anomaly } from '@tarwarden/core/finding';
import { Trait, Typeflag, type Entry } from '@tarwarden/core/containers';
import type { PackageFormat, ReadFacts, ReadOptions, ReadSink } from '@tarwarden/core/formats';
import { MAX_PLACES, type Limits } from '@tarwarden/core/limits';
import { levelIn } from '@tarwarden/core/policy';
import { packagePath } from '@tarwarden/core/tree';
import { quote } from '@tarwarden/core/text';
import { problems } from '@tarwarden/core';
import { isErrno } from '../files/errno.ts';
import { readOpen } from '../files/read-bounded.ts';
import { UnpackError } from './unpack-error.ts';

/** Characters that no path may contain here, even if a policy allows them, because systems read such paths differently. */
const UNSAFE =
  Trait.DotDot |
  Trait.LeadingSlash |
  Trait.Backslash |
  Trait.Colon |
  Trait.Nul |
  Trait.InvalidUtf8 |
  Trait.Empty |
  Trait.SpecialType;

/** Package managers treat a file with this bit as executable. */
const OWNER_EXECUTES = 0o100;

/** Rights of unpacked files; the umask may remove bits. */
const RIGHTS = { folder: 0o755, file: 0o644, executable: 0o755 } as const;

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;
const NO_FOLLOW: number = constants.O_NOFOLLOW ?? 0;

export type Read = (sink: ReadSink, options: ReadOptions) => ReadFacts;

export interface WrittenCounts {
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
}

/** Writes an accepted archive into an empty folder. Throws `NOT_PLAIN` if the disk cannot hold the entries exactly. */
export function writeArchive(
  readEntries: Read,
  folder: string,
  { format, limits }: { readonly format: PackageFormat; readonly limits: Limits },
): WrittenCounts {
  const anomaly = ({ code, detail }: Anomaly): void => {
    const level = levelIn(format.ecosystem, problems[code], format.id);
    if (level === 'error') throw notPlain(`${problems[code].summary}: ${detail}`);
  };
  const writer = new EntryWriter(folder, format.layout);
  try {
    const sink = {
      entry: (entry: Entry) => writer.entry(entry),
      body: (piece: Buffer) => writer.body(piece),
      anomaly,
      enough: () => false,
    };
    const { complete } = readEntries(sink, { limits });
    if (!complete) throw notPlain('it cannot be read to its end');
    writer.end();
  } finally {
    writer.close();
  }
  const { files, folders, bytes } = writer;
  return { files, folders, bytes };
}

interface WrittenFile {
  readonly executable: boolean;
  readonly size: number;
}

interface OpenFile {
  readonly descriptor: number;
  /** `check`: the path was written before, and must get the same bytes again. */
  readonly purpose: 'write' | 'check';
  bytesLeft: number;
}

/** Writes entries into a folder. It does not trust the reader: an entry that cannot be written exactly is `NOT_PLAIN`. */
export class EntryWriter implements WrittenCounts {
  files = 0;
  folders = 0;
  bytes = 0;
  readonly #root: string;
  readonly #layout: PackageFormat['layout'];
  /** The folders and files that were made, by their path in the package. */
  readonly #madeByPath = new Map<string, 'folder' | WrittenFile>([['.', 'folder']]);
  #file: OpenFile | undefined;

  constructor(root: string, layout: PackageFormat['layout'] = 'first-folder') {
    this.#root = root;
    this.#layout = layout;
  }

  /** Makes an entry's file or folder. Returns whether its content is needed. */
  entry(entry: Entry): boolean {
    this.end();
    const directory = entry.typeflag === Typeflag.Directory;
    if ((entry.traits & UNSAFE) !== 0 || (!directory && entry.typeflag !== Typeflag.File)) {
      throw notPlain(`${quote(entry.path)} is not a file or folder with a plain path`);
    }
    const { top, key } = packagePath(entry, directory, this.#layout);
    if (top === '' && this.#layout === 'first-folder')
      throw notPlain(`${quote(entry.path)} lies outside the package's folder`);
    if (key === '') return false;
    for (const part of key.split('/')) assertPlain(part, entry);
    if (directory) {
      this.#folder(key);
      return false;
    }
    this.#open(key, entry);
    if (entry.size === 0) this.close();
    return entry.size > 0;
  }

  body(piece: Buffer): void {
    const file = this.#file;
    if (file === undefined || piece.length > file.bytesLeft)
      throw notPlain('a file is longer than it says');
    if (file.purpose === 'write') {
      writeAll(file.descriptor, piece);
      this.bytes += piece.length;
    } else this.#compare(file.descriptor, piece);
    file.bytesLeft -= piece.length;
    if (file.bytesLeft === 0) this.close();
  }

  /** The open file must be complete. */
  end(): void {
    if (this.#file !== undefined) throw notPlain('a file is shorter than it says');
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file.descriptor);
  }

  /** Makes a folder and the missing folders above it. Recurses as deep as the archive's paths, which a limit bounds. */
  #folder(path: string): void {
    const existing = this.#madeByPath.get(path);
    if (existing === 'folder') return;
    if (existing !== undefined) throw conflict();
    this.#folder(posix.dirname(path));
    this.#make(path, 'folder', (target) => mkdirSync(target, RIGHTS.folder));
    this.folders++;
  }

  #open(path: string, entry: Entry): void {
    const { size } = entry;
    const executable = entry.mode > 0 && (entry.mode & OWNER_EXECUTES) !== 0;
    this.#folder(posix.dirname(path));
    const existing = this.#madeByPath.get(path);
    if (existing === 'folder') throw conflict();
    if (existing === undefined) {
      const rights = executable ? RIGHTS.executable : RIGHTS.file;
      const descriptor = this.#make(path, { executable, size }, (target) =>
        openSync(target, O_WRONLY | O_CREAT | O_EXCL | NO_FOLLOW, rights),
      );
      this.files++;
      this.#file = { descriptor, purpose: 'write', bytesLeft: size };
      return;
    }
    if (existing.size !== size || existing.executable !== executable)
      throw notPlain(`two entries are at ${quote(entry.path)} and are not the same`);
    const descriptor = openSync(join(this.#root, path), O_RDONLY | NO_FOLLOW);
    this.#file = { descriptor, purpose: 'check', bytesLeft: size };
  }

  #make<Result>(
    path: string,
    entry: 'folder' | WrittenFile,
    create: (target: string) => Result,
  ): Result {
    if (this.#madeByPath.size > MAX_PLACES)
      throw notPlain(`it names more than ${MAX_PLACES} files and folders`);
    this.#madeByPath.set(path, entry);
    try {
      return create(join(this.#root, path));
    } catch (error) {
      // The folder was empty, and the file system may ignore case.
      if (isErrno(error, 'EEXIST')) throw notPlain('this file system treats two names as one');
      throw error;
    }
  }

  #compare(descriptor: number, piece: Buffer): void {
    const written = readOpen(descriptor, piece.length, (size) => Buffer.alloc(size));
    if (!piece.equals(written)) throw notPlain('two entries of one path have different content');
  }
}

function writeAll(descriptor: number, piece: Buffer): void {
  let offset = 0;
  while (offset < piece.length)
    offset += writeSync(descriptor, piece, offset, piece.length - offset);
}

/** Checks the exact strings that go to the file system once more. */
function assertPlain(part: string, entry: Entry): void {
  if (part === '' || part === '.' || part === '..' || /[/\\:\0]/.test(part)) {
    throw notPlain(`${quote(entry.path)} has a component that is not a plain name`);
  }
}

function conflict(): UnpackError {
  return notPlain('one path is a file for one entry and a folder for another');
}

function notPlain(reason: string): UnpackError {
  return new UnpackError(
    'NOT_PLAIN',
    `a policy lets this archive pass, but it is not one set of plain files and folders, so it was not unpacked: ${reason}`,
  );
}
