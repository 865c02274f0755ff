/* Archives that try to write outside their folder. Their target is a sentinel folder of ours, so they do no harm. */
import { gzipSync } from 'node:zlib';
import { storedZip, type StoredEntry } from './stored-zip.ts';
import { tar, type TarEntry } from './tar.ts';

/** The start of the names of files that must not appear outside the folder. */
export const ESCAPED = 'escaped-';

/** The file in the sentinel, and its content before a canary is unpacked. */
export const TARGET = 'target.txt';
export const TARGET_BEFORE = 'untouched\n';

/** Each canary has this file. It shows whether the canary was unpacked at all. */
export const INSIDE = 'inside.txt';

/** The number of levels from the folder of the unpacked files up to the folder of the sentinel. */
export const DEPTH = 3;

const UP = '../'.repeat(DEPTH);
const BODY = 'canary\n';

export interface Canary {
  readonly id: string;
  /** The end of the sentence "writes outside its folder by …". */
  readonly by: string;
  /** @param sentinel An absolute path. */
  readonly entries: (sentinel: string) => readonly TarEntry[];
  /** A zip cannot hold this. */
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

/** A harmless archive. If an extractor does not unpack it, refusing the others proves nothing. */
export const CONTROL: Canary = { id: 'control', by: 'nothing', entries: () => [] };

export interface CanaryOptions {
  readonly sentinel: string;
  /** The start of each path. `package/` for managers. */
  readonly prefix?: string;
  readonly first?: readonly TarEntry[];
}

/** A gzipped tar. Absolute paths stay absolute. */
export function canaryTar(canary: Canary, options: CanaryOptions): Buffer {
  return gzipSync(tar(placed(canary, options)));
}

export function canaryZip(canary: Canary, options: CanaryOptions): Buffer {
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
  { sentinel, prefix = '', first = [] }: CanaryOptions,
): readonly TarEntry[] {
  const own = [...first, { path: INSIDE, body: BODY }, ...canary.entries(sentinel)];
  return own.map((entry) => ({
    ...entry,
    path: entry.path.startsWith('/') ? entry.path : `${prefix}${entry.path}`,
  }));
}
