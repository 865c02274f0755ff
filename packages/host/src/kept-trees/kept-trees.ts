/*
 * The lists of files behind tree digests, so that a message can name a file that differs, also offline.
 *
 * <cache>/trees/v1/<SHA-512 in hex>     the text of `treeText`
 *
 * A list proves itself: it counts only if its SHA-512 is its name. So a cache that came from elsewhere can contain no forged list for a
 * tree digest that the guard believes. A list is written once, under a temporary name. When there are too many, the oldest are removed.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InspectOptions } from '@tarwarden/core';
import {
  digestOfTreeText,
  isTreeDigest,
  readTreeText,
  type TreeClient,
  type UnpackedFiles,
} from '@tarwarden/core/trees';
import { readBounded } from '../read-bounded.ts';
import {
  cacheDirectory,
  makePrivateDirectory,
  type Environment,
} from '../verdict-store/cache-directory.ts';

/** A package of 50,000 files has a list of some 10 MB. A longer list is not kept. */
const LIST_BYTES_MAX = 16 * 1024 * 1024;
/** All lists together. The list of a usual package has some 4 kB. */
const BYTES_MAX = 256 * 1024 * 1024;
const LISTS_MAX = 20_000;

const NAME = /^[0-9a-f]{128}$/;

export class KeptTrees {
  readonly #folders: readonly string[];
  readonly #folder: string;
  /** The end of the names under which this process writes. */
  #end: string | undefined;
  #isUsable: boolean | undefined;
  #hasNew = false;

  /** Touches no disk. */
  constructor(env: Environment) {
    const cache = cacheDirectory(env);
    const trees = join(cache, 'trees');
    this.#folder = join(trees, 'v1');
    this.#folders = [cache, trees, this.#folder];
  }

  /** Keeps the list of a tree digest. Never throws: without the list, a message can name no file. */
  keep(digest: string, text: string): void {
    const path = this.#pathOf(digest);
    this.#isUsable ??= this.#folders.every(makePrivateDirectory);
    if (path === undefined || !this.#isUsable || text.length > LIST_BYTES_MAX) return;
    this.#end ??= `.${randomBytes(6).toString('hex')}.tmp`;
    const temporary = path + this.#end;
    try {
      if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) return;
      writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
      if (!this.#hasNew) process.once('exit', () => this.tidy());
      this.#hasNew = true;
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  /** Options of `inspect` with which a verdict states the tree digests for these clients and their lists are kept. */
  optionsFor(
    clients: readonly TreeClient[] | undefined = [],
  ): Pick<InspectOptions, 'trees' | 'receiveTree'> {
    if (clients.length === 0) return {};
    return { trees: clients, receiveTree: (digest, text) => this.keep(digest, text) };
  }

  /** The files of a tree digest. Undefined if the list is not kept. Never throws. */
  files(digest: string): UnpackedFiles | undefined {
    const text = this.text(digest);
    return text === undefined ? undefined : readTreeText(text)?.files;
  }

  /** The list of a tree digest. Undefined if it is not kept. Never throws. */
  text(digest: string): string | undefined {
    const path = this.#pathOf(digest);
    if (path === undefined) return undefined;
    try {
      const { bytes } = readBounded(path, { bytesMax: LIST_BYTES_MAX, follow: false });
      const text = bytes?.toString('utf8');
      return text !== undefined && digestOfTreeText(text) === digest ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** Removes the oldest lists if there are too many, after this process has kept new ones. Never throws. */
  tidy({ listsMax = LISTS_MAX, bytesMax = BYTES_MAX } = {}): void {
    if (!this.#hasNew) return;
    this.#hasNew = false;
    try {
      const all = readdirSync(this.#folder).map((name) => {
        const path = join(this.#folder, name);
        const { mtimeMs = 0, size = 0 } = lstatSync(path, { throwIfNoEntry: false }) ?? {};
        return { path, mtimeMs, size };
      });
      all.sort((a, b) => b.mtimeMs - a.mtimeMs);
      let bytes = 0;
      for (const [index, { path, size }] of all.entries()) {
        bytes += size;
        if (index >= listsMax || bytes > bytesMax) rmSync(path, { force: true, recursive: true });
      }
    } catch {
      // Another process may have removed a list first.
    }
  }

  #pathOf(digest: string): string | undefined {
    if (!isTreeDigest(digest)) return undefined;
    const name = Buffer.from(digest.slice('sha512-'.length), 'base64').toString('hex');
    return NAME.test(name) ? join(this.#folder, name) : undefined;
  }
}

/** The files of a tree digest, from the lists that this machine keeps. Undefined if there is no such list. */
export function knownTree(
  digest: string,
  env: Environment = process.env,
): UnpackedFiles | undefined {
  return new KeptTrees(env).files(digest);
}
