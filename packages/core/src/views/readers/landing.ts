import { createHash } from 'node:crypto';
import { MAX_COMPONENT_BYTES } from '../../limits.ts';
import type { Lost, Unpacked } from './view.ts';

/** The folder of a package while it is unpacked, and the entries that were left out. */
export class Landing {
  readonly lost: Lost[] = [];
  /** Content of the package.json that was written last. */
  manifest: Buffer | undefined;
  readonly #places = new Map<string, Unpacked>();
  /** Folders that are not empty. */
  readonly #folders = new Set<string>();

  /** Writes a file, and replaces one at the same path. Returns false if a file is in the place of a folder, or a name is too long. */
  file(path: string, content: Buffer, mode: number): boolean {
    if (!this.#clear(path)) return false;
    if (path === 'package.json') this.manifest = content;
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.#places.set(path, { path, kind: 'file', mode, size: content.length, sha256 });
    return true;
  }

  /** Makes a folder and its parents. Returns false if it exists, or a file is in its place. */
  folder(path: string): boolean {
    const isThere = this.#folders.has(path) || this.#places.has(path);
    this.#above(path);
    this.#folders.add(path);
    return !isThere;
  }

  /** Gives a file a second name. */
  copy(file: Unpacked, path: string): boolean {
    if (!this.#clear(path)) return false;
    this.#places.set(path, { ...file, path });
    return true;
  }

  link(path: string, target: string): boolean {
    if (!this.#clear(path)) return false;
    this.#places.set(path, { path, kind: 'link', target });
    return true;
  }

  lose(path: string, why: string): void {
    this.lost.push({ path, why });
  }

  get(path: string): Unpacked | undefined {
    return this.#places.get(path);
  }

  /** The first file on the way to `path` that is in the place of a folder. */
  inTheWay(path: string): Unpacked | undefined {
    for (let cut = path.indexOf('/'); cut > 0; cut = path.indexOf('/', cut + 1)) {
      const place = this.#places.get(path.slice(0, cut));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** Removes files that are in the place of folders on the way to `path`. */
  remove(path: string): void {
    this.#places.delete(path);
  }

  /** Removes the files in a folder. Returns their paths. */
  removeFolder(folder: string): string[] {
    const paths = [...this.#places.keys()].filter((path) => path.startsWith(`${folder}/`));
    for (const path of paths) this.#places.delete(path);
    return paths;
  }

  get files(): Unpacked[] {
    return [...this.#places.values()].toSorted((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : 0,
    );
  }

  #clear(path: string): boolean {
    if (tooLong(path) || this.#folders.has(path) || this.inTheWay(path) !== undefined) return false;
    this.#above(path);
    return true;
  }

  #above(path: string): void {
    for (let cut = path.indexOf('/'); cut > 0; cut = path.indexOf('/', cut + 1))
      this.#folders.add(path.slice(0, cut));
  }
}

/** Whether a file system refuses a name of the path. */
export function tooLong(path: string): boolean {
  return path.split('/').some((part) => Buffer.byteLength(part) > MAX_COMPONENT_BYTES);
}

/** The path with `..` followed, and without `.` and empty components. `..` at the top is ignored. */
export function resolved(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}
