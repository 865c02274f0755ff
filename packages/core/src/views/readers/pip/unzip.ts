import { posix } from 'node:path';
import { MAX_VIEW_BYTES } from '../../../limits.ts';
import { ClientError, NotModelled, type Disk } from '../disk.ts';
import { zipContent, zipItems, type ZipItem } from '../lenient-zip.ts';
import { hasLeadingFolder, isTextWithin, splitLeading } from './paths.ts';

const TYPE_BITS = 0o170000;
const FILE = 0o100000;

/** A zip as Python reads it. If two entries have one name, the last one counts. */
export class PythonZip {
  readonly items: readonly ZipItem[];
  readonly #bytes: Buffer;
  readonly #last: ReadonlyMap<string, ZipItem>;
  #total = 0;

  /** @param newer Whether to read it as Python 3.13 does. */
  constructor(bytes: Buffer, newer: boolean) {
    this.#bytes = bytes;
    this.items = zipItems(bytes, newer ? 'python' : 'python-3.11');
    this.#last = new Map(this.items.map((item) => [item.name, item]));
  }

  /** The content of the last entry of that name. Undefined if there is none. */
  read(name: string): Buffer | undefined {
    const item = this.#last.get(name);
    if (item === undefined) return undefined;
    this.#total += item.size;
    if (this.#total > MAX_VIEW_BYTES) throw new NotModelled('it is larger than what is modelled');
    return zipContent(this.#bytes, item, 'python');
  }

  last(name: string): ZipItem | undefined {
    return this.#last.get(name);
  }
}

/** The mode of a file. pip writes links and other types as files with their content. */
export function modeOf({ mode }: ZipItem): number {
  return (mode & TYPE_BITS) === FILE && (mode & 0o111) !== 0 ? 0o755 : 0o644;
}

/** pip's `unzip_file`: it strips the first folder if all entries have the same one. */
export function unzip(bytes: Buffer, disk: Disk, newer: boolean): void {
  const zip = new PythonZip(bytes, newer);
  const leading = hasLeadingFolder(zip.items.map(({ name }) => name));
  for (const item of zip.items) {
    const own = leading ? splitLeading(item.name)[1] : item.name;
    const path = own.startsWith('/') ? own : `${disk.root}/${own}`;
    if (!isTextWithin(disk.root, path)) throw new ClientError('an entry would be written outside');
    if (/[/\\]$/.test(path)) {
      disk.folder(path);
      continue;
    }
    disk.folder(posix.dirname(path));
    disk.write(path, zip.read(item.name) ?? Buffer.alloc(0), 0o644);
    if (modeOf(item) === 0o755) disk.chmod(path, 0o755);
  }
}
