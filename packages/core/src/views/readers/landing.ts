import { createHash } from 'node:crypto';
import { MAX_COMPONENT_BYTES } from '../../limits.ts';
import type { Lost, Unpacked } from './view.ts';

/** What lies in a package's folder while it is being unpacked, and what did not make it there. */
export class Landing {
  readonly lost: Lost[] = [];
  /** Content of the package.json that was written last. */
  manifest: Buffer | undefined;
  readonly #places = new Map<string, Unpacked>();
  /** Folders that hold something. */
  readonly #folders = new Set<string>();

  /** Writes a file over whatever has its path. False where a file is in the way, or a name is too long. */
  file(path: string, content: Buffer, mode: number): boolean {
    if (!this.#clear(path)) return false;
    if (path === 'package.json') this.manifest = content;
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.#places.set(path, { path, kind: 'file', mode, size: content.length, sha256 });
    return true;
  }

  /** Makes a folder and those above it, which no file replaces. False where it is there already, or a file is. */
  folder(path: string): boolean {
    const isThere = this.#folders.has(path) || this.#places.has(path);
    this.#above(path);
    this.#folders.add(path);
    return !isThere;
  }

  /** A second name for a file. */
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

  /** The nearest thing on the way to `path` that is not a folder. */
  inTheWay(path: string): Unpacked | undefined {
    for (let cut = path.indexOf('/'); cut > 0; cut = path.indexOf('/', cut + 1)) {
      const place = this.#places.get(path.slice(0, cut));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** Takes away what is on the way to `path`. */
  remove(path: string): void {
    this.#places.delete(path);
  }

  /** Takes away what lies in a folder. Returns its paths. */
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

/** The path without `.`, `..` and empty components; `..` at the top is left out. */
export function resolved(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}
