import { closeSync, readSync, writeSync } from 'node:fs';
import type { Anomaly } from '@tarwarden/core/finding';
import { Trait, Typeflag, type Entry } from '@tarwarden/core/containers';
import type { PackageFormat, ReadFacts, ReadOptions, ReadSink } from '@tarwarden/core/formats';
import type { Limits } from '@tarwarden/core/limits';
import { levelIn } from '@tarwarden/core/policy';
import { packagePath } from '@tarwarden/core/tree';
import { quote } from '@tarwarden/core/text';
import { problems } from '@tarwarden/core';
import { UnpackError } from './unpack-error.ts';
import { tampered } from './unpack-folder.ts';
import type { UnpackedTree } from './unpack-tree.ts';

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

/** Reads an accepted archive. */
export type Read = (sink: ReadSink, options: ReadOptions) => ReadFacts;

/** Writes an accepted archive, and returns the number of bytes. Throws `NOT_PLAIN` if the disk cannot hold the entries exactly. */
export function writeArchive(
  read: Read,
  tree: UnpackedTree,
  { format, limits }: { readonly format: PackageFormat; readonly limits: Limits },
): number {
  const anomaly = ({ code, detail }: Anomaly): void => {
    const level = levelIn(format.ecosystem, problems[code], format.id);
    if (level === 'error') throw notPlain(`${problems[code].summary}: ${detail}`);
  };
  const writer = new EntryWriter(tree, format.layout);
  try {
    const sink = {
      entry: (entry: Entry) => writer.entry(entry),
      body: (piece: Buffer) => writer.body(piece),
      anomaly,
      enough: () => false,
    };
    const { complete } = read(sink, { limits });
    if (!complete) throw notPlain('it cannot be read to its end');
    writer.end();
  } finally {
    writer.close();
  }
  return writer.bytes;
}

interface OpenFile {
  readonly descriptor: number;
  /** `check`: the path was written before, and must get the same bytes again. */
  readonly purpose: 'write' | 'check';
  left: number;
}

/** Writes entries into a tree. It does not trust the reader: an entry that cannot be written exactly is `NOT_PLAIN`. */
export class EntryWriter {
  /** The bytes of all files that were written. */
  bytes = 0;
  readonly #tree: UnpackedTree;
  readonly #layout: PackageFormat['layout'];
  #file: OpenFile | undefined;
  #compared: Buffer | undefined;

  constructor(tree: UnpackedTree, layout: PackageFormat['layout'] = 'first-folder') {
    this.#tree = tree;
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
    const parts = key.split('/');
    for (const part of parts) assertPlain(part, entry);
    if (directory) {
      this.#tree.folder(parts);
      return false;
    }
    this.#open(parts, entry);
    if (entry.size === 0) this.close();
    return entry.size > 0;
  }

  body(piece: Buffer): void {
    const file = this.#file;
    if (file === undefined || piece.length > file.left)
      throw notPlain('a file is longer than it says');
    if (file.purpose === 'write') writeAll(file.descriptor, piece);
    else this.#compare(file.descriptor, piece);
    if (file.purpose === 'write') this.bytes += piece.length;
    file.left -= piece.length;
    if (file.left === 0) this.close();
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

  #open(parts: readonly string[], entry: Entry): void {
    const { size } = entry;
    const executable = entry.mode > 0 && (entry.mode & OWNER_EXECUTES) !== 0;
    const before = this.#tree.find(parts);
    if (before === undefined) {
      const descriptor = this.#tree.create(parts, { executable, size });
      this.#file = { descriptor, purpose: 'write', left: size };
      return;
    }
    if (before.size !== size || before.executable !== executable) throw different(entry);
    this.#file = { descriptor: this.#tree.read(parts, before), purpose: 'check', left: size };
  }

  #compare(descriptor: number, piece: Buffer): void {
    if (this.#compared === undefined || this.#compared.length < piece.length) {
      this.#compared = Buffer.allocUnsafeSlow(piece.length);
    }
    let length = 0;
    while (length < piece.length) {
      const read = readSync(descriptor, this.#compared, length, piece.length - length, null);
      if (read === 0) throw tampered();
      length += read;
    }
    if (piece.compare(this.#compared, 0, length) !== 0) {
      throw notPlain('two entries of one path have different content');
    }
  }
}

function writeAll(descriptor: number, piece: Buffer): void {
  let at = 0;
  while (at < piece.length) at += writeSync(descriptor, piece, at, piece.length - at);
}

/** Checks the exact strings that go to the file system once more. */
function assertPlain(part: string, entry: Entry): void {
  if (part === '' || part === '.' || part === '..' || /[/\\:\0]/.test(part)) {
    throw notPlain(`${quote(entry.path)} has a component that is not a plain name`);
  }
}

function different(entry: Entry): UnpackError {
  return notPlain(`two entries are at ${quote(entry.path)} and are not the same`);
}

function notPlain(reason: string): UnpackError {
  return new UnpackError(
    'NOT_PLAIN',
    `a policy lets this archive pass, but it is not one set of plain files and folders, so it was not unpacked: ${reason}`,
  );
}
