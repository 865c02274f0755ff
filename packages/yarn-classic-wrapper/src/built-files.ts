/*
 * Files that scripts have built in node_modules. Yarn notes their names in `.yarn-integrity`, and leaves them as they are in the next
 * install. A repository could bring a file with such a note, and it would stay. So a note counts only if the guard saw Yarn write it, and
 * if the files have not changed since.
 */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { text, type Linked } from './yarn.ts';

/** Notes of earlier runs, by name. */
export interface RememberedNotes {
  getLink(name: string): string | undefined;
  putLink(name: string, text: string): void;
}

interface Note {
  readonly names: string;
  /** Digest of the facts of the files, which shows each change. */
  readonly files: string;
}

const LINK = 'yarn-classic-built:';

export class BuiltFiles {
  readonly #remembered: () => RememberedNotes | undefined;
  /** Where Yarn puts packages in this run, by name and version. */
  readonly #folders = new Map<string, Set<string>>();
  #isReported = false;

  /** @param remembered Undefined before the first inspection. */
  constructor(remembered: () => RememberedNotes | undefined) {
    this.#remembered = remembered;
  }

  /**
   * The files that Yarn leaves as they are in the folder of a package. If the guard did not see them being built, Yarn puts the package
   * back as it was fetched and runs its scripts again, and the entry is removed from Yarn's note.
   */
  left(noted: unknown, linked: Linked, folder: string): readonly string[] | undefined {
    const key = `${text(linked.name)}@${text(linked.version)}`;
    const folders = this.#folders.get(key) ?? new Set();
    this.#folders.set(key, folders.add(folder));
    if (!isRecord(noted) || !Object.hasOwn(noted, key)) return undefined;
    const names = noted[key];
    const known = parsed(this.#remembered()?.getLink(LINK + folder));
    if (areNames(names) && known?.names === digestOf(names)) {
      if (known.files === filesDigest(folder, names)) return names;
    } else delete noted[key];
    linked._reference?.setFresh(true);
    this.#report(key);
    return undefined;
  }

  /** Remembers the files that Yarn has noted, as they are now. */
  remember(noted: unknown): void {
    const remembered = this.#remembered();
    if (remembered === undefined || !isRecord(noted)) return;
    for (const [key, names] of Object.entries(noted)) {
      if (!areNames(names)) continue;
      for (const folder of this.#folders.get(key) ?? []) {
        const note: Note = { names: digestOf(names), files: filesDigest(folder, names) };
        remembered.putLink(LINK + folder, JSON.stringify(note));
      }
    }
  }

  #report(key: string): void {
    if (this.#isReported) return;
    this.#isReported = true;
    process.stderr.write(
      `tarwarden: what scripts have built in ${printable(key, 512)} was changed, or built without tarwarden: it is built again, and so are other packages for which that is true\n`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function parsed(note: string | undefined): Partial<Note> | undefined {
  try {
    const value: unknown = JSON.parse(note ?? 'null');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function filesDigest(folder: string, names: readonly string[]): string {
  return digestOf(names.map((name) => factsOf(join(folder, name))));
}

/** A change of a file changes its ctime, which no program can set back. */
function factsOf(path: string): readonly string[] | undefined {
  try {
    const { mode, size, ino, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    return [mode, size, ino, mtimeNs, ctimeNs].map(String);
  } catch {
    return undefined;
  }
}
