import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Typeflag, type Entry } from '@tarwarden/core/containers';
import type { PackageFormat } from '@tarwarden/core/formats';
import type { Limits } from '@tarwarden/core/limits';
import { quote } from '@tarwarden/core/text';
import { isWithin } from '../project/real-path.ts';

export interface FolderContents {
  readonly format: PackageFormat;
  readonly limits: Limits;
  /** The path below the folder at which an entry of the archive was unpacked. */
  readonly place: (path: string) => string;
  /** Files at the top that are not from the archive. */
  readonly besides: readonly string[];
  /** A folder at the top that may contain links that are not from the archive. They must lead into `folder`. */
  readonly linksInside: string;
}

/** The most files compared at once: the largest known package has 8,711. */
const FILES_MAX = 200_000;

/**
 * Describes the first difference between a folder and an accepted archive; undefined if the folder has the same files, byte for byte,
 * and no others. Modes and empty folders are not compared. No link is followed.
 */
export function folderDifference(
  archive: Uint8Array,
  folder: string,
  contents: FolderContents,
): string | undefined {
  const { format, limits, place } = contents;
  try {
    const left = filesIn(folder, contents);
    const comparison = new Comparison(folder, left, place);
    const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
    const sink = {
      entry: (entry: Entry) => comparison.entry(entry),
      body: (piece: Buffer) => comparison.body(piece),
      anomaly: () => undefined,
      enough: () => comparison.difference !== undefined,
    };
    try {
      const { complete } = format.read(bytes, sink, { limits });
      comparison.end();
      if (comparison.difference !== undefined) return comparison.difference;
      if (!complete) return 'the archive cannot be read to its end';
    } finally {
      comparison.close();
    }
    const extra = [...left].find((path) => !comparison.seen.has(path));
    return extra === undefined ? undefined : `${quote(extra)} is not of it`;
  } catch (error) {
    if (error instanceof Difference) return error.message;
    return `it cannot be read: ${(error as Error).message}`;
  }
}

class Difference extends Error {}

/** The files of a folder, as relative paths. */
function filesIn(folder: string, { besides, linksInside }: FolderContents): Set<string> {
  const files = new Set<string>();
  const folders = [''];
  for (let at = folders.pop(); at !== undefined; at = folders.pop())
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) {
        if (!besides.includes(path)) files.add(path);
        if (files.size > FILES_MAX) throw new Difference('it has too many files');
      } else if (at !== linksInside || !entry.isSymbolicLink() || !leadsInside(folder, path))
        throw new Difference(`${quote(path)} is not a file or folder`);
    }
  return files;
}

function leadsInside(folder: string, path: string): boolean {
  const link = join(folder, path);
  return isWithin(folder, resolve(dirname(link), readlinkSync(link)));
}

/** Compares the entries of an archive, one after another, with the files of a folder. */
class Comparison {
  readonly seen = new Set<string>();
  difference: string | undefined;
  readonly #folder: string;
  readonly #files: ReadonlySet<string>;
  readonly #place: (path: string) => string;
  #open: { readonly descriptor: number; readonly path: string; left: number } | undefined;
  #read = Buffer.alloc(0);

  constructor(folder: string, files: ReadonlySet<string>, place: (path: string) => string) {
    this.#folder = folder;
    this.#files = files;
    this.#place = place;
  }

  /** Returns whether the content of the entry is needed. */
  entry(entry: Entry): boolean {
    this.end();
    if (this.difference !== undefined || entry.typeflag === Typeflag.Directory) return false;
    const parts = this.#place(entry.path).split('/');
    const path = parts.filter((part) => part !== '' && part !== '.').join('/');
    if (entry.typeflag !== Typeflag.File || !this.#files.has(path)) {
      this.difference = `${quote(path)} is missing`;
      return false;
    }
    this.seen.add(path);
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const descriptor = openSync(join(this.#folder, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    this.#open = { descriptor, path, left: entry.size };
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size !== entry.size) this.#differs(path);
    else if (entry.size === 0) this.close();
    return this.difference === undefined && entry.size > 0;
  }

  body(piece: Buffer): void {
    const open = this.#open;
    if (open === undefined || this.difference !== undefined) return;
    if (this.#read.length < piece.length) this.#read = Buffer.allocUnsafeSlow(piece.length);
    let length = 0;
    while (length < piece.length) {
      const read = readSync(open.descriptor, this.#read, length, piece.length - length, null);
      if (read === 0) return this.#differs(open.path);
      length += read;
    }
    if (piece.compare(this.#read, 0, length) !== 0) return this.#differs(open.path);
    open.left -= length;
    if (open.left === 0) this.close();
  }

  /** The open file must not have more bytes. */
  end(): void {
    if (this.#open !== undefined) this.#differs(this.#open.path);
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) closeSync(open.descriptor);
  }

  #differs(path: string): void {
    this.difference ??= `${quote(path)} is another file`;
    this.close();
  }
}
