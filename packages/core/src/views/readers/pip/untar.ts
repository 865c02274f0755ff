/** Models how pip unpacks a tar, with Python's tarfile. From pip 24 on it uses the data filter. */
import { posix } from 'node:path';
import { isGzip } from '../../../containers/index.ts';
import { withoutTrailing } from '../../../text/index.ts';
import { ClientError, NotModelled, type Disk } from '../disk.ts';
import { lenientGunzip } from '../lenient-gzip.ts';
import { walkTar, type LenientEntry } from '../lenient-tar.ts';
import type { Dialect } from '../dialect.ts';
import { base } from '../model.ts';
import type { Lost } from '../view.ts';
import { hasLeadingFolder, isTextWithin, splitLeading } from './paths.ts';

/** tarfile of Python 3.8 to 3.13. */
export const tarfile: Dialect = {
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

export interface Unpacking {
  readonly disk: Disk;
  readonly lost: Lost[];
  readonly fileName: string;
  /** Whether pip applies the data filter of tarfile to each entry. */
  readonly filtered: boolean;
}

export function untar(bytes: Buffer, to: Unpacking): void {
  const entries = members(tarOf(bytes, to.fileName));
  const leading = hasLeadingFolder(entries.map(({ path }) => path));
  const done: LenientEntry[] = [];
  for (const entry of entries) {
    const own = leading ? splitLeading(entry.path)[1] : entry.path;
    if (to.filtered) filtered({ ...entry, path: own }, leading ? entry.path : undefined, to);
    else {
      const content = entry.type === '1' ? linked(entry, entries, done) : entry.content;
      unfiltered({ ...entry, path: own }, content, to);
      done.push(entry);
    }
  }
}

/** Decompresses by the ending of the name, or by the bytes if the name has no known ending. */
function tarOf(bytes: Buffer, fileName: string): Buffer {
  const name = fileName.toLowerCase();
  const isNamed = /\.(?:gz|tgz)$/.test(name);
  if (/\.(?:bz2|tbz|xz|txz|tlz|lz|lzma)$/.test(name)) {
    if (isGzip(bytes)) throw new ClientError('it is not compressed as its name says');
    throw new NotModelled('its compression is not modelled');
  }
  if (isNamed && !isGzip(bytes)) throw new ClientError('it is not compressed as its name says');
  const unzipped = lenientGunzip(bytes, {
    members: 'all',
    trailing: 'any',
    trailer: 'unchecked',
    headerChecksum: 'skipped',
  });
  if ('error' in unzipped) throw new ClientError(unzipped.error);
  if (unzipped.tooLarge === true) throw new NotModelled('it is larger than what is modelled');
  return unzipped.tar;
}

function members(tar: Buffer): LenientEntry[] {
  const { entries, error } = walkTar(tar, tarfile);
  if (entries.some(({ type }) => type === 'S') || tar.includes('GNU.sparse.'))
    throw new NotModelled('it has a sparse file');
  if (error !== undefined) throw new ClientError(error);
  if (entries.length === 0) throw new ClientError('there is no entry in it');
  return entries.map((entry) =>
    entry.type === '5' ? { ...entry, path: withoutTrailing(entry.path, '/') } : entry,
  );
}

/** Whether tarfile reads a type as a file. Unknown types count as well. */
function isRegular(type: string): boolean {
  return !'123456'.includes(type);
}

/** Unpacks an entry with the data filter of PEP 706. `whole` is the path before its first folder was stripped. */
function filtered(entry: LenientEntry, whole: string | undefined, { disk }: Unpacking): void {
  const { type, content } = entry;
  const path = entry.path.replace(/^\/+/, '');
  const target = disk.real(`${disk.root}/${path}`);
  if (!disk.isInside(target)) throw new ClientError('an entry would be written outside');
  if ('346'.includes(type)) throw new ClientError('an entry is a device or a pipe');
  const place = `${disk.root}/${path}`;
  if (type === '1' || type === '2') {
    let link = entry.linkpath;
    if (type === '1' && whole !== undefined && splitLeading(link)[0] === splitLeading(whole)[0])
      link = splitLeading(link)[1];
    if (link.startsWith('/')) throw new ClientError('a link has an absolute target');
    if (target === disk.root) throw new ClientError('an entry would be written outside');
    const leads = type === '2' ? `${posix.dirname(place)}/${link}` : `${disk.root}/${link}`;
    if (!disk.isInside(disk.real(normal(leads, disk))))
      throw new ClientError('a link leads outside');
    disk.folder(posix.dirname(place));
    if (type === '2') {
      disk.link(place, posix.normalize(link));
      return;
    }
    const file = `${disk.root}/${link}`;
    if (disk.get(file) === undefined)
      throw new ClientError('the target of a hard link is not there');
    disk.hardlink(place, file);
    return;
  }
  if (type === '5') {
    disk.folder(place);
    return;
  }
  disk.folder(posix.dirname(place));
  disk.write(place, content, modeOf(entry));
  disk.chmod(place, modeOf(entry));
}

/** Normalises the target of a link before it is followed. */
function normal(leads: string, disk: Disk): string {
  return disk.isInside(leads) ? posix.normalize(leads) : leads;
}

/** pip 22 and 23 compare paths by their text, make links unchanged, and write files through them. */
function unfiltered(entry: LenientEntry, content: Buffer | undefined, to: Unpacking): void {
  const { disk, lost } = to;
  const { type } = entry;
  const place = posix.join(disk.root, entry.path);
  const joined = entry.path.startsWith('/') ? entry.path : `${disk.root}/${entry.path}`;
  if (entry.path.startsWith('/') || !isTextWithin(disk.root, place))
    throw new ClientError('an entry would be written outside');
  if (type === '5') {
    disk.folder(joined);
    return;
  }
  if (type === '2') {
    disk.folder(posix.dirname(joined));
    if (disk.get(joined)?.kind !== 'folder') disk.link(joined, entry.linkpath);
    return;
  }
  if ('346'.includes(type)) throw new ClientError('an entry is a device or a pipe');
  if (content === undefined) {
    lost.push({ path: entry.path, why: 'the target of the hard link is not there' });
    return;
  }
  disk.folder(posix.dirname(joined));
  disk.write(joined, content, 0o644);
  if ((entry.mode & 0o111) !== 0) disk.chmod(joined, 0o755);
}

/** The longest chain of links that the model follows. */
const MAX_LINKS = 40;

/** The content of a hard link for tarfile: that of an earlier entry, or, through a symbolic link, of any entry. */
function linked(
  entry: LenientEntry,
  all: readonly LenientEntry[],
  earlier: readonly LenientEntry[],
): Buffer | undefined {
  let at: LenientEntry | undefined = entry;
  for (let count = 0; at !== undefined && count < MAX_LINKS; count += 1) {
    if (isRegular(at.type)) return at.content;
    const isSymbolic: boolean = at.type === '2';
    const name: string = posix.normalize(
      isSymbolic ? posix.join(posix.dirname(at.path), at.linkpath) : at.linkpath,
    );
    at = (isSymbolic ? all : earlier).findLast(({ path }) => posix.normalize(path) === name);
  }
  return undefined;
}

function modeOf({ mode }: LenientEntry): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}
