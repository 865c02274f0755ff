/** Models how RubyGems installs a gem, which is a tar inside a tar. Bundler calls RubyGems, so the model holds for it too. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { withoutTrailing } from '@tarwarden/core/text';
import { type Disk, fail } from '../disk.ts';
import type { Dialect } from '../dialect.ts';
import { lenientGunzip, type GzipManners } from '../lenient-gzip.ts';
import { walkTar, type LenientEntry } from '../lenient-tar.ts';
import { base } from '../managers.ts';

/** Gem::Package::TarReader: it checks no checksums, knows no extended headers, and ends at the first block of zeros. */
const gemReader: Dialect = {
  ...base,
  zeros: 'one',
  badChecksum: 'believed',
  oldTypes: true,
  noName: 'keep',
  prefix: 'all',
  base256: 'error',
  strictNumbers: true,
  slashIsFolder: false,
  withoutContent: '',
  truncated: 'short',
};

/** Zlib::GzipReader: one member, checked to its end, and nothing after it. */
const manners: GzipManners = {
  members: 'first',
  trailing: 'any',
  trailer: 'checked',
  headerChecksum: 'skipped',
};

const UMASK = 0o022;

export function installGem(bytes: Buffer, disk: Disk): void {
  const members = entriesOf(bytes);
  verify(members);
  const data = members.find(({ path }) => path === 'data.tar.gz');
  const tar = gunzipped(data?.content ?? Buffer.alloc(0));
  const links: LenientEntry[] = [];
  for (const entry of entriesOf(tar)) extract(entry, disk, links);
  for (const { path, linkpath } of links) {
    const diskPath = posix.join(disk.root, path);
    if (disk.exists(posix.join(posix.dirname(diskPath), linkpath))) {
      if (disk.get(diskPath) !== undefined) fail('a link is where something is already');
      disk.link(diskPath, linkpath);
    } else disk.lose(path, 'the link leads to nothing');
  }
}

function entriesOf(tar: Buffer): readonly LenientEntry[] {
  const { entries, error } = walkTar(tar, gemReader);
  if (error !== undefined) fail(error);
  if (entries.some(({ offset }) => !NUMBERS.every((field) => isOctal(tar, offset, field))))
    fail('a number of a header is not octal');
  return entries;
}

/** Fields that the reader takes for octal numbers, by their offset and length in a header. */
const NUMBERS: readonly (readonly [at: number, length: number])[] = [
  [100, 8],
  [124, 12],
  [136, 12],
  [148, 8],
  [263, 2],
  [329, 8],
  [337, 8],
];

function isOctal(tar: Buffer, offset: number, [at, length]: readonly [number, number]): boolean {
  return /^\s*[0-7]*[\s\0]*$/.test(tar.toString('latin1', offset + at, offset + at + length));
}

function gunzipped(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) fail('a file of it is not gzip');
  return lenientGunzip(bytes, manners);
}

/** The checks of RubyGems before it unpacks. */
function verify(members: readonly LenientEntry[]): void {
  const names = members.map(({ path }) => path);
  const checksumsMember = members.find(({ path }) => path === 'checksums.yaml.gz');
  const checksums =
    checksumsMember === undefined ? '' : gunzipped(checksumsMember.content).toString();
  for (const { path, content } of members)
    if (/^(?:metadata|data\.tar)\.gz$/.test(path)) gunzipped(content);
  if (!names.some((name) => /^metadata(?:\.gz)?$/.test(name))) fail('there is no gemspec in it');
  if (!names.includes('data.tar.gz')) fail('there is no data.tar.gz in it');
  if (new Set(names).size < names.length) fail('a file is in it twice');
  let algorithm = '';
  for (const line of checksums.split('\n')) {
    const title = /^['"]?(SHA1|SHA256|SHA512)['"]?:\s*$/.exec(line)?.[1];
    if (title !== undefined) algorithm = title.toLowerCase();
    const [, name, digest] = /^\s+['"]?([\w.]+)['"]?:\s*['"]?([0-9a-f]+)['"]?\s*$/.exec(line) ?? [];
    if (name === undefined || algorithm === '') continue;
    const content = members.findLast(({ path }) => path === name)?.content;
    if (content === undefined || createHash(algorithm).update(content).digest('hex') !== digest)
      fail('a checksum does not fit');
  }
}

/** The reason why an entry is left out, for types other than files, folders and symbolic links. */
function lossOf(type: string): string {
  if (type === '1') return 'hard links are left out without a word';
  return 'xgLK'.includes(type)
    ? 'an extended header is read as a file of a type that is not known'
    : 'its type is left out without a word';
}

function extract(entry: LenientEntry, disk: Disk, links: LenientEntry[]): void {
  const { path, type, linkpath } = entry;
  if (path.startsWith('/') || path.startsWith('~')) fail('an entry would be written outside');
  const diskPath = withoutTrailing(posix.join(disk.root, path), '/');
  if (!diskPath.startsWith(`${disk.root}/`)) fail('an entry would be written outside');
  if (type === '2') {
    const leads = linkpath.startsWith('/')
      ? linkpath
      : posix.join(posix.dirname(diskPath), linkpath);
    if (!leads.startsWith(`${disk.root}/`)) fail('a link leads outside');
    links.push(entry);
  }
  if (disk.get(diskPath) !== undefined) disk.remove(diskPath);
  disk.folder(type === '5' ? diskPath : posix.dirname(diskPath));
  if (type === '0') disk.write(diskPath, entry.content, entry.mode & ~UMASK);
  else if (type !== '2' && type !== '5') disk.lose(path, lossOf(type));
}
