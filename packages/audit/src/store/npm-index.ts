/*
 * The index of npm's cache (cacache): it says under which hash the answer to a request is kept. A file of the index has a line for each
 * change of a request whose key has the same hash. The last line of a key counts, and npm keeps one for each value of `accept`.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { readBounded, isMissing } from '@tarwarden/host';

/** Bytes of one file of the index. npm adds a line for each request, so that old files have some 100,000. */
const BUCKET_BYTES_MAX = 16 * 1024 * 1024;

export interface IndexEntry {
  /** Subresource Integrity of the content. */
  readonly integrity: string;
}

export interface IndexBucket {
  readonly path: string;
  readonly entries: readonly IndexEntry[];
}

/**
 * The entries for a request. Undefined if the cache has none.
 *
 * @throws Error of node:fs if the file cannot be read, or is a link.
 */
export function requestEntries(cache: string, url: string): IndexBucket | undefined {
  const key = `make-fetch-happen:request-cache:${url}`;
  const hex = hash('sha256', key);
  const path = join(cache, '_cacache', 'index-v5', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  let bytes: Buffer | undefined;
  try {
    ({ bytes } = readBounded(path, { bytesMax: BUCKET_BYTES_MAX, follow: false }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  if (bytes === undefined) throw new RangeError('it is not a file, or too large');
  const entries = bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => entryOf(line, key));
  return entries.length === 0 ? undefined : { path, entries };
}

/** npm skips a line whose checksum is wrong. */
function entryOf(line: string, key: string): IndexEntry[] {
  const [sum, text, ...more] = line.split('\t');
  if (text === undefined || more.length > 0 || hash('sha1', text) !== sum) return [];
  try {
    const entry = JSON.parse(text) as { key?: unknown; integrity?: unknown } | null;
    const { integrity } = entry ?? {};
    return entry?.key === key && typeof integrity === 'string' ? [{ integrity }] : [];
  } catch {
    return [];
  }
}
