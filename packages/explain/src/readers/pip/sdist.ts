import { posix } from 'node:path';
import { type Disk, fail, NotModelled } from '../disk.ts';
import { LenientZip, type ZipItem, isPythonZip } from '../lenient-zip.ts';
import { isGzip } from '@tarwarden/core/containers';
import { withoutTrailing } from '@tarwarden/core/text';
import { lenientGunzip } from '../lenient-gzip.ts';
import { walkTar, type LenientEntry } from '../lenient-tar.ts';
import type { Dialect } from '../dialect.ts';
import { base, executableOnly } from '../managers.ts';

/** The first folder, and the rest. */
function splitLeading(path: string): [string, string] {
  const relative = path.replace(/^\/+/, '').replace(/^\\+/, '');
  const at = relative.search(/[/\\]/);
  return at < 0 ? [relative, ''] : [relative.slice(0, at), relative.slice(at + 1)];
}

/** Whether all paths are in one folder, which pip then strips. */
function hasLeadingFolder(paths: readonly string[]): boolean {
  const [first = '', ...otherFolders] = new Set(paths.map((path) => splitLeading(path)[0]));
  return otherFolders.length === 0 && first !== '';
}

/** pip up to 25.1 compares the beginning of the text, so that `site-packages-x` is within `site-packages`. */
export function isTextWithin(folder: string, target: string): boolean {
  return posix.normalize(target).startsWith(folder);
}

const TYPE_BITS = 0o170000;
const FILE = 0o100000;

/** @param newer Whether to read it as Python 3.13 does. */
export function pythonZip(bytes: Buffer, newer: boolean): LenientZip {
  return new LenientZip(bytes, newer ? 'python' : 'python-3.11');
}

/** The mode of a file. pip writes links and other types as files with their content. */
export function modeOf({ mode }: ZipItem): number {
  return (mode & TYPE_BITS) === FILE && (mode & 0o111) !== 0 ? 0o755 : 0o644;
}

/** pip's `unzip_file`: it strips the first folder if all entries have the same one. */
function unzip(bytes: Buffer, disk: Disk, newer: boolean): void {
  const zip = pythonZip(bytes, newer);
  const leading = hasLeadingFolder(zip.items.map(({ name }) => name));
  for (const item of zip.items) {
    const inside = leading ? splitLeading(item.name)[1] : item.name;
    const path = inside.startsWith('/') ? inside : `${disk.root}/${inside}`;
    if (!isTextWithin(disk.root, path)) fail('an entry would be written outside');
    if (/[/\\]$/.test(path)) disk.folder(path);
    else {
      disk.folder(posix.dirname(path));
      disk.write(path, zip.read(item.name) ?? Buffer.alloc(0), modeOf(item), true);
    }
  }
}

/** tarfile of Python 3.8 to 3.13. */
const tarfile: Dialect = {
  paddingIsContent: true,
  ...base,
  zeros: 'one',
  badChecksum: 'end',
  signedChecksum: true,
  noName: 'keep',
  prefix: 'all',
  globals: 'believed',
  withoutContent: '123456',
};

/** @param newer Whether pip applies the data filter of tarfile to each entry. */
function untar({ bytes, fileName }: PipArchive, disk: Disk, newer: boolean): void {
  const entries = members(tarOf(bytes, fileName));
  const leading = hasLeadingFolder(entries.map(({ path }) => path));
  const done: LenientEntry[] = [];
  for (const entry of entries) {
    const inside = leading ? splitLeading(entry.path)[1] : entry.path;
    if (newer) filtered({ ...entry, path: inside }, leading ? entry.path : undefined, disk);
    else {
      const content = entry.type === '1' ? linked(entry, entries, done) : entry.content;
      unfiltered({ ...entry, path: inside }, content, disk);
      done.push(entry);
    }
  }
}

/** Decompresses by the ending of the name, or by the bytes if the name has no known ending. */
function tarOf(bytes: Buffer, fileName: string): Buffer {
  const name = fileName.toLowerCase();
  const isNamed = /\.(?:gz|tgz)$/.test(name);
  if (/\.(?:bz2|tbz|xz|txz|tlz|lz|lzma)$/.test(name)) {
    if (isGzip(bytes)) fail('it is not compressed as its name says');
    throw new NotModelled('its compression is not modelled');
  }
  if (isNamed && !isGzip(bytes)) fail('it is not compressed as its name says');
  return lenientGunzip(bytes, {
    members: 'all',
    trailing: 'any',
    trailer: 'unchecked',
    headerChecksum: 'skipped',
  });
}

function members(tar: Buffer): LenientEntry[] {
  const { entries, error } = walkTar(tar, tarfile);
  if (entries.some(({ type }) => type === 'S') || tar.includes('GNU.sparse.'))
    throw new NotModelled('it has a sparse file');
  if (error !== undefined) fail(error);
  if (entries.length === 0) fail('there is no entry in it');
  return entries.map((entry) =>
    entry.type === '5' ? { ...entry, path: withoutTrailing(entry.path, '/') } : entry,
  );
}

/** Unpacks an entry with the data filter of PEP 706. `whole` is the path before its first folder was stripped. */
function filtered(entry: LenientEntry, whole: string | undefined, disk: Disk): void {
  const { type, content } = entry;
  const path = entry.path.replace(/^\/+/, '');
  const target = disk.real(`${disk.root}/${path}`);
  if (!disk.isInside(target)) fail('an entry would be written outside');
  if ('346'.includes(type)) fail('an entry is a device or a pipe');
  const diskPath = `${disk.root}/${path}`;
  if (type === '1' || type === '2') {
    const [top, below] = splitLeading(entry.linkpath);
    const isStripped = type === '1' && whole !== undefined && top === splitLeading(whole)[0];
    const link = isStripped ? below : entry.linkpath;
    if (link.startsWith('/')) fail('a link has an absolute target');
    if (target === disk.root) fail('an entry would be written outside');
    const leads = type === '2' ? `${posix.dirname(diskPath)}/${link}` : `${disk.root}/${link}`;
    // The target is normalised before it is followed.
    const normal = disk.isInside(leads) ? posix.normalize(leads) : leads;
    if (!disk.isInside(disk.real(normal))) fail('a link leads outside');
    disk.folder(posix.dirname(diskPath));
    if (type === '2') disk.link(diskPath, posix.normalize(link));
    else disk.hardlink(diskPath, leads);
  } else if (type === '5') disk.folder(diskPath);
  else disk.write(diskPath, content, executableOnly(entry.mode));
}

/** pip 22 and 23 compare paths by their text, make links unchanged, and write files through them. */
function unfiltered(entry: LenientEntry, content: Buffer | undefined, disk: Disk): void {
  const { type } = entry;
  const diskPath = `${disk.root}/${entry.path}`;
  if (entry.path.startsWith('/') || !isTextWithin(disk.root, diskPath))
    fail('an entry would be written outside');
  if (type === '5') disk.folder(diskPath);
  else if (type === '2') {
    disk.folder(posix.dirname(diskPath));
    if (disk.get(diskPath)?.kind !== 'folder') disk.link(diskPath, entry.linkpath);
  } else if ('346'.includes(type)) fail('an entry is a device or a pipe');
  else if (content === undefined) disk.lose(entry.path, 'the target of the hard link is not there');
  else disk.write(diskPath, content, executableOnly(entry.mode), true);
}

/** The longest chain of links that the model follows. */
const MAX_LINKS = 40;

/** The content that tarfile finds for an entry, which may be a hard link: that of an earlier entry, or, through a symbolic link, of any entry. */
function linked(
  entry: LenientEntry,
  entries: readonly LenientEntry[],
  earlier: readonly LenientEntry[],
): Buffer | undefined {
  let at: LenientEntry | undefined = entry;
  for (let count = 0; at !== undefined && count < MAX_LINKS; count += 1) {
    if (!'123456'.includes(at.type)) return at.content;
    const isSymbolic: boolean = at.type === '2';
    const name: string = posix.normalize(
      isSymbolic ? posix.join(posix.dirname(at.path), at.linkpath) : at.linkpath,
    );
    at = (isSymbolic ? entries : earlier).findLast(({ path }) => posix.normalize(path) === name);
  }
  return undefined;
}

export interface PipArchive {
  readonly bytes: Buffer;
  readonly fileName: string;
}

/** pip's `unpack_file`: it tries a zip first, whatever the name, and then a tar. Returns a note about the result. */
export function unpackSdist(archive: PipArchive, disk: Disk, newer: boolean): string {
  const { bytes, fileName } = archive;
  const isZip = /\.(?:zip|whl)$/i.test(fileName) || isPythonZip(bytes);
  if (isZip) unzip(bytes, disk, newer);
  else untar(archive, disk, newer);
  if (!['setup.py', 'pyproject.toml'].some((name) => disk.exists(`${disk.root}/${name}`)))
    fail('there is no setup.py or pyproject.toml where its first folder begins');
  return isZip && isGzip(bytes) ? 'the zip in it, not the tar' : '';
}
