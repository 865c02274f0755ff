/** Models how go unpacks a module zip: the checks before it hashes, and then golang.org/x/mod/zip. */
import { posix } from 'node:path';
import { MAX_VIEW_BYTES } from '../../../limits.ts';
import { type Disk, fail, tooLarge } from '../disk.ts';
import { zipContent, zipItems, type ZipItem } from '../lenient-zip.ts';

const MAX_GO_MOD: number = 16 * 1024 * 1024;
const MAX_LICENSE: number = 16 * 1024 * 1024;
const MODE = 0o444;

/** `expected` is `module@version`. Without it, the folder of the first entry counts. */
export function unpackModule(bytes: Buffer, disk: Disk, expected?: string): void {
  const items = zipItems(bytes, 'go');
  const prefix = expected === undefined ? firstFolder(items) : `${expected}/`;
  if (items.some(({ name }) => !name.startsWith(prefix)))
    fail(`a file is not in the folder of the module`);
  const contents = new Map(items.map((item) => [item.name, item]));
  const hashed = new Map<ZipItem, Buffer>();
  let total = 0;
  for (const item of contents.values()) {
    if (item.name.includes('\n')) fail('a name has a line break');
    if (item.name.endsWith('/')) {
      if (item.size !== 0) fail('a folder has content');
      continue;
    }
    total += item.size;
    if (total > MAX_VIEW_BYTES) tooLarge();
    hashed.set(item, zipContent(bytes, item, 'go'));
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

function checkNames(items: readonly ZipItem[], prefix: string): void {
  const seen = new Map<string, { path: string; isFolder: boolean }>();
  for (const { name: whole, size } of items) {
    const own = whole.slice(prefix.length);
    if (own === '') continue;
    const isFolder = own.endsWith('/');
    const name = isFolder ? own.slice(0, -1) : own;
    if (posix.normalize(name) !== name) fail('a path has "..", "." or "//" in it');
    const problem = fileNameProblem(name);
    if (problem !== undefined) fail(problem);
    collide(seen, name, isFolder);
    if (isFolder) continue;
    const last = posix.basename(name);
    if (last.toLowerCase() === 'go.mod' && name !== 'go.mod')
      fail('a go.mod is not in the first folder, or of another case');
    if ((name === 'go.mod' && size > MAX_GO_MOD) || (name === 'LICENSE' && size > MAX_LICENSE))
      fail('a file is too large');
  }
}

function collide(
  seen: Map<string, { path: string; isFolder: boolean }>,
  name: string,
  isFolder: boolean,
): void {
  let path = name;
  let folder = isFolder;
  while (path !== '.') {
    const key = path.toUpperCase().toLowerCase();
    const other = seen.get(key);
    if (other === undefined) seen.set(key, { path, isFolder: folder });
    else if (other.path !== path) fail('two names differ in nothing but case');
    else if (other.isFolder !== folder) fail('a file and a folder have one name');
    else if (!folder) fail('one file is in it twice');
    // The parents of a known folder are known as well.
    else return;
    path = posix.dirname(path);
    folder = true;
  }
}

/** Characters of file names that golang.org/x/mod/module accepts (`CheckFilePath`). */
const ALLOWED = /^[-\p{L}\w!#$%&()+,.=@[\]^{}~ ]$/u;
const WINDOWS = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/** The reason why go refuses a path, or undefined. */
function fileNameProblem(path: string): string | undefined {
  if (path.includes('\ufffd')) return 'a name is not UTF-8';
  for (const part of path.split('/')) {
    if (part === '' || /^\.+$/.test(part)) return 'a name is empty or of dots';
    if (part.endsWith('.')) return 'a name ends in a dot';
    for (const character of part)
      if (!isAllowed(character)) return 'a name has a character that is not allowed';
    if (WINDOWS.test(part.split('.', 1)[0] ?? '')) return 'a name is reserved on Windows';
  }
  return undefined;
}

function isAllowed(character: string): boolean {
  return character.charCodeAt(0) < 0x80 ? ALLOWED.test(character) : /^\p{L}$/u.test(character);
}
