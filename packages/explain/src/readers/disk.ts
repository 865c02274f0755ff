/** A file system in memory that follows links as Linux does. It shows the files that a client leaves on the disk. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { MAX_COMPONENT_BYTES, MAX_VIEW_PATH_WORK } from '@tarwarden/core/limits';
import type { Lost, Unpacked } from './view.ts';

/** The reason why a client stops. A model throws it, and the code that makes the view catches it. */
export class ClientError extends Error {}

/** Thrown if a model cannot predict what the client does. */
export class NotModelled extends Error {}

/** The client stops, for this reason. */
export function fail(reason: string): never {
  throw new ClientError(reason);
}

export function tooLarge(): never {
  throw new NotModelled('it is larger than what is modelled');
}

/** A file or link. Hard links share one. */
type FileOrLink =
  | { readonly kind: 'file'; mode: number; content: Buffer }
  | { readonly kind: 'link'; readonly target: string };

/** Links that Linux follows for one path, after which it reports a loop. */
const MAX_HOPS = 40;

/** A root that is deep enough for links and paths that climb. Folders above it do not belong to the client. */
const ROOT = '/0/1/2/3/4/5/6/7';
const FOLDER = { kind: 'folder' } as const;

/** The methods that throw follow links and take whole paths. `put`, `at`, `inTheWay` and `addFolder` take paths below the root, and follow none. */
export class Disk {
  /** The folder into which the client unpacks. */
  readonly root: string = ROOT;
  /** Entries that were left out. */
  readonly lost: Lost[] = [];
  readonly #nodes = new Map<string, FileOrLink>();
  readonly #folders = new Set<string>([ROOT]);
  #work = 0;

  lose(path: string, reason: string): undefined {
    this.lost.push({ path, why: reason });
  }

  /** Puts a file or link at a path, and replaces the one there. Returns false if a file is in the place of a folder, or a name is too long. */
  put(path: string, node: FileOrLink): boolean {
    const real = `${ROOT}/${path}`;
    const folders = parents(real, ROOT.length + 1);
    if (tooLong(path) || this.#folders.has(real) || folders.some((at) => this.#nodes.has(at)))
      return false;
    for (const folder of folders) this.#folders.add(folder);
    this.#nodes.set(real, node);
    return true;
  }

  at(path: string): FileOrLink | undefined {
    return this.#nodes.get(`${ROOT}/${path}`);
  }

  /** Makes a folder and its parents. Returns false if it exists, or a file is in its place. */
  addFolder(path: string): boolean {
    const real = `${ROOT}/${path}`;
    const isThere = this.#folders.has(real) || this.#nodes.has(real);
    for (const above of [...parents(real), real]) this.#folders.add(above);
    return !isThere;
  }

  /** The first file or link on the way to `path` that is in the place of a folder. */
  inTheWay(path: string): string | undefined {
    return parents(`${ROOT}/${path}`, ROOT.length + 1)
      .find((above) => this.#nodes.has(above))
      ?.slice(ROOT.length + 1);
  }

  /** The real path after links are followed. `keep` does not follow a link in the last component. */
  real(path: string, last: 'follow' | 'keep' = 'follow'): string {
    const pending = path.split('/').toReversed();
    let at = '';
    let hops = 0;
    for (let component = pending.pop(); component !== undefined; component = pending.pop()) {
      if (component === '' || component === '.') continue;
      if (component === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
        continue;
      }
      if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) fail('a name is too long');
      at = `${at}/${component}`;
      this.#spend(at.length);
      const node = this.#nodes.get(at);
      if (node?.kind !== 'link' || (last === 'keep' && pending.length === 0)) continue;
      hops += 1;
      if (hops > MAX_HOPS) fail('links lead in a circle');
      pending.push(...node.target.split('/').toReversed());
      at = node.target.startsWith('/') ? '' : at.slice(0, at.lastIndexOf('/'));
    }
    return at === '' ? '/' : at;
  }

  isInside(real: string): boolean {
    return real === ROOT || real.startsWith(`${ROOT}/`);
  }

  /** The file, folder or link at a path. A link in the last component is not followed. */
  get(path: string): FileOrLink | typeof FOLDER | undefined {
    const real = this.real(path, 'keep');
    return this.#nodes.get(real) ?? (this.#folders.has(real) ? FOLDER : undefined);
  }

  exists(path: string): boolean {
    return this.#has(this.real(path));
  }

  #has(real: string): boolean {
    return this.#nodes.has(real) || this.#folders.has(real);
  }

  /** Makes a folder and its parents, through links. Folders outside the root are assumed to exist. */
  folder(path: string): void {
    for (const above of [...parents(path), path]) this.#refuseDangling(above);
    const real = this.real(path);
    for (const above of [...parents(real), real]) {
      if (this.#nodes.get(above)?.kind === 'file') fail('a file is where a folder is needed');
      if (this.isInside(above)) this.#folders.add(above);
    }
  }

  /**
   * Writes a file, through links, and the folders above it.
   * @param keepsMode Whether an existing file keeps its mode, unless the new one can be executed.
   */
  write(path: string, content: Buffer, mode: number, keepsMode = false): void {
    this.folder(posix.dirname(path));
    const real = this.real(path);
    this.#refuseFolder(real);
    const node = this.#nodes.get(real);
    if (node?.kind !== 'file') this.#nodes.set(real, { kind: 'file', mode, content });
    else {
      node.content = content;
      if (!keepsMode || (mode & 0o111) !== 0) node.mode = mode;
    }
  }

  /** Makes a link. It replaces an existing file or link. */
  link(path: string, target: string): void {
    const real = this.real(path, 'keep');
    this.#refuseFolder(real);
    this.#nodes.set(real, { kind: 'link', target });
  }

  /** Gives a file a second name. */
  hardlink(path: string, file: string): void {
    const node = this.get(file);
    if (node === undefined) fail('the target of a hard link is not there');
    const real = this.real(path, 'keep');
    this.#refuseFolder(real);
    if (node.kind !== 'folder') this.#nodes.set(real, node);
    else {
      this.#nodes.delete(real);
      this.#folders.add(real);
    }
  }

  /** Removes the file or folder at a path, with its content. */
  remove(path: string): void {
    const real = this.real(path, 'keep');
    this.#nodes.delete(real);
    if (!this.#folders.has(real)) return;
    this.#spend(this.#nodes.size + this.#folders.size);
    this.empty(real);
    this.#folders.delete(real);
  }

  /** Removes the content of a folder, by its real path. Returns the files and links in it, by their paths below the root. */
  empty(folder: string): string[] {
    const isIn = (real: string): boolean => real.startsWith(`${folder}/`);
    const gone = [...this.#nodes.keys()].filter(isIn);
    for (const real of gone) this.#nodes.delete(real);
    for (const real of this.#folders) if (isIn(real)) this.#folders.delete(real);
    return gone.map((real) => real.slice(ROOT.length + 1));
  }

  /** Files and links by their paths below the root. Those outside of it are marked. */
  get files(): Unpacked[] {
    const entries = [...this.#nodes].map(([real, node]): Unpacked => {
      const isInside = this.isInside(real);
      const path = isInside ? real.slice(ROOT.length + 1) : outsidePath(real);
      const shared = isInside ? { path } : { path, outside: true as const };
      if (node.kind === 'link') return { ...shared, kind: 'link', target: node.target };
      const { mode, content } = node;
      const sha256 = createHash('sha256').update(content).digest('hex');
      return { ...shared, kind: 'file', mode, size: content.length, sha256 };
    });
    return entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  /** Fails at a link to nothing: no client makes a folder there. */
  #refuseDangling(path: string): void {
    if (this.#nodes.get(path)?.kind !== 'link') return;
    const real = this.real(path);
    if (this.isInside(real) && !this.#has(real))
      fail('a link that leads to nothing is where a folder is needed');
  }

  #spend(work: number): void {
    this.#work += work;
    if (this.#work > MAX_VIEW_PATH_WORK)
      throw new NotModelled('its paths are longer than what is modelled');
  }

  #refuseFolder(real: string): void {
    if (this.#folders.has(real) || real === '/') fail('a folder is where a file is needed');
    const above = posix.dirname(real);
    if (this.#nodes.has(above)) fail('a file is where a folder is needed');
    if (!this.#folders.has(above) && this.isInside(above)) fail('a folder is not there');
  }
}

function parents(path: string, from = 1): string[] {
  const folders: string[] = [];
  for (let cut = path.indexOf('/', from); cut > 0; cut = path.indexOf('/', cut + 1))
    folders.push(path.slice(0, cut));
  return folders;
}

function outsidePath(real: string): string {
  return real.startsWith(`/${ROOT.split('/')[1]}/`) ? posix.relative(ROOT, real) : real;
}

/** Whether a file system refuses a name of the path. */
export function tooLong(path: string): boolean {
  return path.split('/').some((component) => Buffer.byteLength(component) > MAX_COMPONENT_BYTES);
}

/** The path with `..` followed, and without `.` and empty components. `..` at the top is ignored. */
export function resolved(path: string): string {
  const out: string[] = [];
  for (const component of path.split('/')) {
    if (component === '..') out.pop();
    else if (component !== '' && component !== '.') out.push(component);
  }
  return out.join('/');
}
