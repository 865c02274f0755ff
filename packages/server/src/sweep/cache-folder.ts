/* Reads the folder of a gateway's cache. Its archives were accepted once; a sweep inspects them by the present rules and policy. */
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Format } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { errnoOf, isMissing } from '@tarwarden/guard';
import { UsageError } from '@tarwarden/guard/command-line';
import { cachedFile, CACHE_VERSION, READ_FILE } from '../gateway/cache/folder-store.ts';
import { CACHED_NAME, type Planned } from './archive.ts';

/** Facts about a document begin with this byte. No archive does. */
const BRACE = 0x7b;

/**
 * The archives in the cache. Documents are left out.
 * @throws UsageError if the folder is not that of a cache.
 */
export async function openCacheFolder(folder: string): Promise<AsyncIterable<Planned>> {
  const names = await readdir(join(folder, CACHE_VERSION)).catch((cause: Error) => {
    const why = printable(cause.message);
    throw new UsageError(`this is not the folder of a gateway's cache: ${why}`, 'sweep');
  });
  return archivesIn(folder, names.filter((name) => /^[0-9a-f]{2}$/.test(name)).toSorted());
}

async function* archivesIn(folder: string, parts: readonly string[]): AsyncGenerator<Planned> {
  for (const part of parts)
    for (const rest of (await readdir(join(folder, CACHE_VERSION, part))).toSorted()) {
      const cached = part + rest;
      if (!CACHED_NAME.test(cached)) continue;
      const [byte] = await firstBytes(cachedFile(folder, cached));
      if (byte !== undefined && byte !== BRACE) yield { archive: { item: cached, at: { cached } } };
    }
}

/** The formats that a file of the cache may have, the likely one first. Its name does not say which. */
export async function cachedFormats(path: string): Promise<readonly [Format, ...Format[]]> {
  const [first, second] = await firstBytes(path);
  if (first === 0x1f && second === 0x8b) return ['npm', 'sdist'];
  return first === 0x50 && second === 0x4b ? ['wheel', 'gomod'] : ['gem'];
}

/** Empty if it is not a file, or if the gateway has removed it. */
async function firstBytes(path: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, READ_FILE);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    // ELOOP: a link. ENXIO: a socket. EISDIR: a folder.
    if (!isMissing(error) && !/^(?:ELOOP|ENXIO|EISDIR)$/.test(errnoOf(error) ?? '')) throw error;
    return Buffer.alloc(0);
  } finally {
    await handle?.close();
  }
}
