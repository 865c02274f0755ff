/*
 * Files that scripts have built in node_modules. Yarn notes their names in `.yarn-integrity`, and leaves them as they are when it
 * installs again: a file that a repository brings together with such a note would stay. So a note counts only if a guarded Yarn
 * was seen to write it, and the files are those that lay there then.
 */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { text, type Linked } from './yarn.ts';

/** What is kept of earlier runs, by name. */
export interface Remembered {
  getLink(name: string): string | undefined;
  putLink(name: string, text: string): void;
}

interface Note {
  /** Digest of the names. */
  readonly names: string;
  /** Digest of what lies there: as little as a folder of the cache can be changed unseen, a file here can. */
  readonly files: string;
}

const LINK = 'yarn-classic-built:';

export class BuiltFiles {
  readonly #remembered: () => Remembered | undefined;
  /** Where Yarn puts packages in this run, by name and version. */
  readonly #folders = new Map<string, Set<string>>();
  #told = false;

  /** Nothing is remembered before something was inspected. */
  constructor(remembered: () => Remembered | undefined) {
    this.#remembered = remembered;
  }

  /**
   * What Yarn is to leave in the folder of a package. Where it was not seen to be built, the package is put back as it was
   * fetched, and its scripts run again; what Yarn noted is taken out of its note.
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
    this.#tell(key);
    return undefined;
  }

  /** Keeps in mind what lies there now, of what Yarn has noted. */
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

  #tell(key: string): void {
    if (this.#told) return;
    this.#told = true;
    process.stderr.write(
      `tarwarden: what scripts have built in ${printable(key, 512)} was changed, or built without tarwarden: it is built again, and so are other packages of which that is true\n`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
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

/** Whoever changes a file changes the time of its change, which no program can set back. */
function factsOf(path: string): readonly string[] | undefined {
  try {
    const { mode, size, ino, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    return [mode, size, ino, mtimeNs, ctimeNs].map(String);
  } catch {
    return undefined;
  }
}
