/** Models how go unpacks a module zip: the checks before it hashes, and then golang.org/x/mod/zip. */
import { posix } from 'node:path';
import { type Disk, fail } from '../disk.ts';
import { LenientZip, type ZipItem } from '../lenient-zip.ts';

/** The most bytes of `go.mod` and of `LICENSE`. */
const MAX_TEXT: number = 16 * 1024 * 1024;
const MODE = 0o444;

/** `expected` is `module@version`. Without it, the folder of the first entry counts. */
export function unpackModule(bytes: Buffer, disk: Disk, expected?: string): void {
  const zip = new LenientZip(bytes, 'go');
  const { items } = zip;
  const prefix = expected === undefined ? firstFolder(items) : `${expected}/`;
  if (items.some(({ name }) => !name.startsWith(prefix)))
    fail(`a file is not in the folder of the module`);
  const hashed = new Map<ZipItem, Buffer | undefined>();
  for (const [name, item] of zip.last) {
    if (name.includes('\n')) fail('a name has a line break');
    if (!name.endsWith('/')) hashed.set(item, zip.read(name));
    else if (item.size !== 0) fail('a folder has content');
  }
  checkNames(items, prefix);
  for (const item of items) {
    const name = item.name.slice(prefix.length);
    if (name === '' || name.endsWith('/')) continue;
    disk.write(`${disk.root}/${name}`, hashed.get(item) ?? Buffer.alloc(0), MODE);
  }
}

function firstFolder([first]: readonly ZipItem[]): string {
  return /^[^@]*@[^/]*\//.exec(first?.name ?? '')?.[0] ?? '@/';
}

/** Paths by their names without case. */
type SeenPaths = Map<string, { path: string; isFolder: boolean }>;

function checkNames(items: readonly ZipItem[], prefix: string): void {
  const seenPaths: SeenPaths = new Map();
  for (const { name: whole, size } of items) {
    const inside = whole.slice(prefix.length);
    if (inside === '') continue;
    const isFolder = inside.endsWith('/');
    const name = isFolder ? inside.slice(0, -1) : inside;
    if (posix.normalize(name) !== name) fail('a path has "..", "." or "//" in it');
    checkFileName(name);
    collide(seenPaths, name, isFolder);
    if (isFolder) continue;
    if (posix.basename(name).toLowerCase() === 'go.mod' && name !== 'go.mod')
      fail('a go.mod is not in the first folder, or of another case');
    if ((name === 'go.mod' || name === 'LICENSE') && size > MAX_TEXT) fail('a file is too large');
  }
}

function collide(seenPaths: SeenPaths, name: string, isFolder: boolean): void {
  let folder = isFolder;
  for (let path = name; path !== '.'; path = posix.dirname(path)) {
    const key = path.toUpperCase().toLowerCase();
    const earlier = seenPaths.get(key);
    if (earlier === undefined) seenPaths.set(key, { path, isFolder: folder });
    else if (earlier.path !== path) fail('two names differ in nothing but case');
    else if (earlier.isFolder !== folder) fail('a file and a folder have one name');
    else if (!folder) fail('one file is in it twice');
    // The parents of a known folder are known as well.
    else return;
    folder = true;
  }
}

/** Characters of file names that golang.org/x/mod/module accepts (`CheckFilePath`). */
const ALLOWED = /^[-\p{L}\w!#$%&()+,.=@[\]^{}~ ]*$/u;
const WINDOWS = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

function checkFileName(path: string): void {
  if (path.includes('\ufffd')) fail('a name is not UTF-8');
  for (const component of path.split('/')) {
    if (component === '' || /^\.+$/.test(component)) fail('a name is empty or of dots');
    if (component.endsWith('.')) fail('a name ends in a dot');
    if (!ALLOWED.test(component)) fail('a name has a character that is not allowed');
    if (WINDOWS.test(component.split('.', 1)[0] ?? '')) fail('a name is reserved on Windows');
  }
}
