/** A file system in memory that follows links as Linux does. It shows the files that a client leaves on the disk. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { MAX_COMPONENT_BYTES, MAX_VIEW_PATH_WORK } from '../../limits.ts';
import type { Unpacked } from './view.ts';

/** The reason why a client stops. A model throws it, and the code that makes the view catches it. */
export class ClientError extends Error {}

/** Thrown if a model cannot predict what the client does. */
export class NotModelled extends Error {}

interface FileNode {
  readonly kind: 'file';
  mode: number;
  size: number;
  sha256: string;
}

type Node = FileNode | { readonly kind: 'folder' } | { readonly kind: 'link'; target: string };

/** Links that Linux follows for one path, after which it reports a loop. */
const MAX_HOPS = 40;

/** A root that is deep enough for links and paths that climb. Folders above it do not belong to the client. */
const ROOT = '/0/1/2/3/4/5/6/7';
const FOLDER: Node = { kind: 'folder' };

export class Disk {
  /** The folder into which the client unpacks. */
  readonly root: string = ROOT;
  readonly #nodes = new Map<string, Node>([[ROOT, FOLDER]]);
  #work = 0;

  /** The real path after links are followed. `keep` does not follow a link in the last component. */
  real(path: string, last: 'follow' | 'keep' = 'follow'): string {
    const pending = path.split('/').toReversed();
    let at = '';
    let hops = 0;
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
        continue;
      }
      if (Buffer.byteLength(part) > MAX_COMPONENT_BYTES)
        throw new ClientError('a name is too long');
      at = `${at}/${part}`;
      this.#spend(at.length);
      const node = this.#nodes.get(at);
      if (node?.kind !== 'link' || (last === 'keep' && pending.length === 0)) continue;
      hops += 1;
      if (hops > MAX_HOPS) throw new ClientError('links lead in a circle');
      pending.push(...node.target.split('/').toReversed());
      at = node.target.startsWith('/') ? '' : at.slice(0, at.lastIndexOf('/'));
    }
    return at === '' ? '/' : at;
  }

  isInside(real: string): boolean {
    return real === ROOT || real.startsWith(`${ROOT}/`);
  }

  /** The file, folder or link at a path. A link in the last component is not followed. */
  get(path: string): Node | undefined {
    return this.#nodes.get(this.real(path, 'keep'));
  }

  exists(path: string): boolean {
    return this.#nodes.has(this.real(path));
  }

  /** Makes a folder and its parents, through links. Folders outside the root are assumed to exist. */
  folder(path: string): void {
    this.#refuseDangling(path);
    const real = this.real(path);
    const parts = real.split('/');
    for (let length = 2; length <= parts.length; length += 1) {
      const above = parts.slice(0, length).join('/');
      const node = this.#nodes.get(above);
      if (node?.kind === 'file') throw new ClientError('a file is where a folder is needed');
      if (node === undefined && this.isInside(above)) this.#nodes.set(above, FOLDER);
    }
  }

  /** Writes a file, through links, in a folder that has to exist. An existing file keeps its mode. */
  write(path: string, content: Buffer, mode: number): void {
    const real = this.real(path);
    this.#place(real);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const node = this.#nodes.get(real);
    if (node?.kind === 'file') {
      node.size = content.length;
      node.sha256 = sha256;
    } else this.#nodes.set(real, { kind: 'file', mode, size: content.length, sha256 });
  }

  chmod(path: string, mode: number): void {
    const node = this.#nodes.get(this.real(path));
    if (node?.kind === 'file') node.mode = mode;
  }

  /** Makes a link. It replaces an existing file or link. */
  link(path: string, target: string): void {
    const real = this.real(path, 'keep');
    this.#place(real);
    this.#nodes.set(real, { kind: 'link', target });
  }

  /** Gives a file a second name. */
  hardlink(path: string, file: string): void {
    const real = this.real(path, 'keep');
    const node = this.get(file);
    if (node === undefined) throw new ClientError('the target of a hard link is not there');
    this.#place(real);
    this.#nodes.set(real, node);
  }

  /** Removes the file or folder at a path, with its content. */
  remove(path: string): void {
    const real = this.real(path, 'keep');
    const node = this.#nodes.get(real);
    this.#nodes.delete(real);
    if (node?.kind !== 'folder') return;
    this.#spend(this.#nodes.size);
    for (const path of this.#nodes.keys())
      if (path.startsWith(`${real}/`)) this.#nodes.delete(path);
  }

  /** Files and links by their paths below the root. Those outside of it are marked. */
  get files(): Unpacked[] {
    const found: Unpacked[] = [];
    for (const [real, node] of this.#nodes) {
      if (node.kind === 'folder') continue;
      const isInside = this.isInside(real);
      const path = isInside ? real.slice(ROOT.length + 1) : outsidePath(real);
      const shared = isInside ? { path } : { path, outside: true as const };
      if (node.kind === 'link') found.push({ ...shared, kind: 'link', target: node.target });
      else {
        const { mode, size, sha256 } = node;
        found.push({ ...shared, kind: 'file', mode, size, sha256 });
      }
    }
    return found.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  /** Fails at a link to nothing: no client makes a folder there. */
  #refuseDangling(path: string): void {
    for (let cut = path.indexOf('/', ROOT.length); cut > 0; cut = path.indexOf('/', cut + 1))
      this.#refuseDanglingAt(path.slice(0, cut));
    this.#refuseDanglingAt(path);
  }

  #refuseDanglingAt(path: string): void {
    if (this.#nodes.get(path)?.kind !== 'link') return;
    const real = this.real(path);
    if (this.isInside(real) && !this.#nodes.has(real))
      throw new ClientError('a link that leads to nothing is where a folder is needed');
  }

  #spend(work: number): void {
    this.#work += work;
    if (this.#work > MAX_VIEW_PATH_WORK)
      throw new NotModelled('its paths are longer than what is modelled');
  }

  #place(real: string): void {
    if (this.#nodes.get(real)?.kind === 'folder' || real === '/')
      throw new ClientError('a folder is where a file is needed');
    const above = real.slice(0, real.lastIndexOf('/'));
    const node = this.#nodes.get(above);
    if (node !== undefined && node.kind !== 'folder')
      throw new ClientError('a file is where a folder is needed');
    if (node === undefined && this.isInside(above)) throw new ClientError('a folder is not there');
  }
}

function outsidePath(real: string): string {
  return real.startsWith(`/${ROOT.split('/')[1]}/`) ? posix.relative(ROOT, real) : real;
}
