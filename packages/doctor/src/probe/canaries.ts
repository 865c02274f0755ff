/*
 * Archives that try to write outside their folder. All that they can hit is a folder of ours beside it: nothing in them
 * does harm where it is let through.
 */
import { gzipSync } from 'node:zlib';
import {
  storedZip,
  tar,
  type StoredEntry,
  type TarEntry,
} from '@tarwarden/guarded-run/trial-archives';

/** Begins the names of files that must not appear outside the folder that an archive is unpacked in. */
export const ESCAPED = 'escaped-';

/** What the sentinel holds before, and what a canary would write over it. */
export const TARGET = 'target.txt';
export const TARGET_BEFORE = 'untouched\n';

/** A file that each canary brings, to see that it was unpacked at all. */
export const INSIDE = 'inside.txt';

/** Folders between the one that is unpacked in and the one that holds the sentinel. */
export const DEPTH = 3;

const UP = '../'.repeat(DEPTH);
const BODY = 'canary\n';

export interface Canary {
  readonly id: string;
  /** What it tries, after "writes outside its folder by …". */
  readonly by: string;
  /** `sentinel` is an absolute path. */
  readonly entries: (sentinel: string) => readonly TarEntry[];
  /** For tar alone: a zip has none of these. */
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

/** What every extractor has to unpack: where this does not arrive, nothing is known of the others. */
export const CONTROL: Canary = { id: 'control', by: 'nothing', entries: () => [] };

export interface ArchiveOptions {
  readonly sentinel: string;
  /** Before each path, `package/` for managers. */
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
