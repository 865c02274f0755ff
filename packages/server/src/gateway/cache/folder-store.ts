/*
 * Keeps content in files of a folder that belongs to the user of this process alone. Several processes may use the same folder. A file
 * gets its name when it is complete. After a crash of the machine, a file may be incomplete: readers compare its digest.
 */
import { randomBytes } from 'node:crypto';
import {
  close,
  constants,
  createReadStream,
  createWriteStream,
  fstat,
  futimes,
  lstatSync,
  mkdirSync,
  open as openByCallback,
  read,
  writeFile as writeByCallback,
} from 'node:fs';
import { mkdir, rename, rm, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isPrivateDirectory, isMissing, makeFolders } from '@tarwarden/guard';
import { Turns } from '../../serving/turns.ts';
import { printablePath } from '@tarwarden/core/text';
import {
  CacheAddressError,
  type CacheStore,
  type NewContent,
  type StoredContent,
} from './cache-store.ts';
import { Eviction } from './eviction.ts';

/** For many small files, these take half the time of `node:fs/promises`. */
const writeFile = promisify(writeByCallback);
const openFile = promisify(openByCallback);
const statOf = promisify(fstat);
const setTimes = promisify(futimes);
const readFrom = promisify(read);
const closed = promisify(close);

/** The folder inside the one that the user names. Another version of the format gets another name. */
export const CACHE_VERSION = 'cache-1';
const UNFINISHED = 'unfinished';
/** The most files that are written at once. The rest of Node's four threads for files is for answers to clients. */
const WRITES_MAX = 2;
/** Files of at most so many bytes are read at once. */
const SMALL = 1024 * 1024;
/** Milliseconds after which a use counts for a file's age again. */
const USED_AGAIN = 60 * 60_000;
/** A link or a pipe in the place of a file is not opened. Windows has neither flag. */
export const READ_FILE =
  constants.O_RDONLY |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

export interface FolderStoreOptions {
  readonly folder: string;
  /** The most bytes of all files. */
  readonly bytesMax: number;
  readonly onError: (error: unknown) => void;
}

export class FolderStore implements CacheStore {
  readonly label: string;
  readonly #root: string;
  readonly #eviction: Eviction;
  readonly #bytesMax: number;
  /** Different for each process that uses the folder. */
  readonly #own = randomBytes(12).toString('hex');
  #written = 0;
  /** Callers limit how many bytes wait. */
  readonly #turns = new Turns({ places: WRITES_MAX, waitingMax: Number.POSITIVE_INFINITY });

  /** @throws CacheAddressError if the folder cannot be made, or others may use it. */
  constructor({ folder, bytesMax, onError }: FolderStoreOptions) {
    this.label = resolve(folder);
    this.#root = privateFolder(this.label);
    this.#bytesMax = bytesMax;
    this.#eviction = new Eviction({ root: this.#root, bytesMax, onError });
  }

  async get(key: string): Promise<StoredContent | undefined> {
    const file = await opened(this.#path(key));
    if (file === undefined) return undefined;
    let isOpen = true;
    try {
      const facts = await statOf(file);
      if (!facts.isFile()) return undefined;
      const { size, mtimeMs } = facts;
      // The least recently used files are removed first.
      const now = Date.now();
      if (now - mtimeMs > USED_AGAIN) await setTimes(file, now / 1000, now / 1000);
      isOpen = size <= SMALL;
      if (!isOpen) return { bytes: size, body: createReadStream('', { fd: file }) };
      const content = await filled(file, Buffer.allocUnsafeSlow(size));
      return { bytes: content.length, body: Readable.from([content]) };
    } finally {
      if (isOpen) await closed(file);
    }
  }

  async put(key: string, content: NewContent): Promise<void> {
    // A single archive must not push all others out.
    if (content.bytes > this.#bytesMax / 8) return void content.read().destroy();
    await this.#turns.run(() => this.#write(key, content));
    this.#eviction.added(content.bytes);
  }

  async #write(key: string, content: NewContent): Promise<void> {
    this.#written += 1;
    const temporary = join(this.#root, UNFINISHED, `${this.#own}-${this.#written}`);
    try {
      await written(temporary, content);
      await rename(temporary, this.#path(key)).catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        await mkdir(join(this.#root, key.slice(0, 2)), { mode: 0o700, recursive: true });
        await rename(temporary, this.#path(key));
      });
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await unlink(this.#path(key)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }

  close(): Promise<void> {
    return this.#eviction.close();
  }

  #path(key: string): string {
    return cachedFile(this.label, key);
  }
}

/** The path of content. It is spread over 256 folders, because a folder of a million files is slow to list. */
export function cachedFile(folder: string, key: string): string {
  return join(folder, CACHE_VERSION, key.slice(0, 2), key.slice(2));
}

async function written(path: string, content: NewContent): Promise<void> {
  const options = { flag: 'wx', flags: 'wx', mode: 0o600 };
  if (content.whole !== undefined) return writeFile(path, content.whole, options);
  const file = createWriteStream(path, options);
  await pipeline(content.read(), file);
  if (file.bytesWritten !== content.bytes)
    throw new Error(`${file.bytesWritten} of ${content.bytes} bytes were kept`);
}

/** Undefined if there is no file. */
async function opened(path: string): Promise<number | undefined> {
  try {
    return await openFile(path, READ_FILE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ELOOP: a link. ENXIO: a socket.
    if (isMissing(error) || code === 'ELOOP' || code === 'ENXIO') return undefined;
    throw error;
  }
}

async function filled(file: number, buffer: Buffer): Promise<Buffer> {
  let at = 0;
  while (at < buffer.length) {
    const { bytesRead } = await readFrom(file, buffer, at, buffer.length - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}

/** @throws CacheAddressError */
function privateFolder(folder: string): string {
  const root = join(folder, CACHE_VERSION);
  try {
    makeFolders(folder, 0o700);
    makeFolders(root, 0o700);
    mkdirSync(join(root, UNFINISHED), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { message } = cause as Error;
    throw new CacheAddressError(`${printablePath(root)} cannot be made: ${message}`, { cause });
  }
  // Documents of private packages are in it.
  const isReadable = process.getuid !== undefined && (lstatSync(root).mode & 0o077) !== 0;
  if (!isPrivateDirectory(root) || isReadable)
    throw new CacheAddressError(
      `${printablePath(root)} must be a folder that only the user of the gateway may read and write: chmod 700`,
    );
  return root;
}
