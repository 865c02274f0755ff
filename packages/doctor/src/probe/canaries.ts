/*
 * Archives that try to write outside their folder. They can hit only a sentinel folder beside it, so they do no harm if they succeed.
 */
import { gzipSync } from 'node:zlib';
import {
  storedZip,
  tar,
  type StoredEntry,
  type TarEntry,
} from '@tarwarden/guarded-run/trial-archives';

/** The start of the names of files that must not appear outside the folder. */
export const ESCAPED = 'escaped-';

/** A file in the sentinel folder, and its content before the trial. */
export const TARGET = 'target.txt';
export const TARGET_BEFORE = 'untouched\n';

/** A file in each canary. It shows whether the archive was unpacked at all. */
export const INSIDE = 'inside.txt';

/** The number of levels from the folder of the unpacked files up to the folder of the sentinel. */
export const DEPTH = 3;

const UP = '../'.repeat(DEPTH);
const BODY = 'canary\n';

export interface Canary {
  readonly id: string;
  /** The trick, which continues "writes outside its folder by …". */
  readonly by: string;
  /** @param sentinel An absolute path. */
  readonly entries: (sentinel: string) => readonly TarEntry[];
  /** A zip cannot have this trick. */
  readonly tarOnly?: true;
}

const file = (path: string): TarEntry => ({ path, body: BODY });

export const CANARIES: readonly Canary[] = [
  {
    id: 'dot-dot',
    by: 'a path with ".."',
    entries: () =>
      [1, 2, 3].map((levels) => file(`${'../'.repeat(levels)}${ESCAPED}dot-dot-${levels}`)),
  },
  {
    id: 'dot-dot-inside',
    by: 'a path with ".." behind a folder',
    entries: () => [file(`a/../../${ESCAPED}dot-dot-inside`)],
  },
  {
    id: 'absolute',
    by: 'an absolute path',
    entries: (sentinel) => [file(`${sentinel}/${ESCAPED}absolute`)],
  },
  {
    id: 'symlink',
    by: 'a symbolic link to an absolute path',
    entries: (sentinel) => [{ path: 'way', link: sentinel }, file(`way/${ESCAPED}symlink`)],
  },
  {
    id: 'relative-symlink',
    by: 'a symbolic link with ".."',
    entries: () => [{ path: 'way', link: `${UP}sentinel` }, file(`way/${ESCAPED}relative-symlink`)],
  },
  {
    id: 'symlink-to-file',
    by: 'a symbolic link in the place of a file',
    entries: (sentinel) => [{ path: 'file', link: `${sentinel}/${TARGET}` }, file('file')],
  },
  {
    id: 'symlink-chain',
    by: 'a chain of symbolic links',
    entries: () => [
      { path: 'a/here', link: '.' },
      { path: 'a/here/way', link: `../${UP}sentinel` },
      file(`a/way/${ESCAPED}symlink-chain`),
    ],
  },
  {
    id: 'hard-link',
    by: 'a hard link to an absolute path',
    entries: (sentinel) => [
      { path: 'file', link: `${sentinel}/${TARGET}`, hard: true },
      file('file'),
    ],
    tarOnly: true,
  },
  {
    id: 'relative-hard-link',
    by: 'a hard link with ".."',
    entries: () => [{ path: 'file', link: `${UP}sentinel/${TARGET}`, hard: true }, file('file')],
    tarOnly: true,
  },
];

/** Every extractor has to unpack this archive. If it does not, the other archives prove nothing. */
export const CONTROL: Canary = { id: 'control', by: 'nothing', entries: () => [] };

export interface ArchiveOptions {
  readonly sentinel: string;
  /** The start of each path. `package/` for managers. */
  readonly prefix?: string;
  readonly first?: readonly TarEntry[];
}

/** A gzipped tar. Absolute paths stay absolute. */
export function tarball(canary: Canary, options: ArchiveOptions): Buffer {
  return gzipSync(tar(placed(canary, options)));
}

export function zip(canary: Canary, options: ArchiveOptions): Buffer {
  return storedZip(
    placed(canary, options).map(({ path, link, body = '' }): StoredEntry => ({
      path,
      body: link ?? String(body),
      isLink: link !== undefined,
    })),
  );
}

function placed(
  canary: Canary,
  { sentinel, prefix = '', first = [] }: ArchiveOptions,
): readonly TarEntry[] {
  const own = [...first, { path: INSIDE, body: BODY }, ...canary.entries(sentinel)];
  return own.map((entry) => ({
    ...entry,
    path: entry.path.startsWith('/') ? entry.path : `${prefix}${entry.path}`,
  }));
}
