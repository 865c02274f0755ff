/*
 * Keeps the unpacked files of accepted archives, each in a folder with the SHA-512 of the archive as its name. In bun's own cache, a
 * folder has package, version and registry as its name, so two archives of one version look the same.
 */
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  readFileSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { inspect } from '@tarwarden/core/npm';
import { errnoOf, unpack, UnpackError } from '@tarwarden/host';
import { birthOf } from '@tarwarden/host/machine-key';

/** Milliseconds without use after which a tree is removed. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** Milliseconds between two searches for such trees. */
const TIDY_MS = 24 * 60 * 60 * 1000;

/** In the folder of an archive: its unpacked files, and a list of facts about them. */
const [TREE, SEAL] = ['tree', 'seal'];

export interface StoredTreeOptions {
  readonly expected: ExpectedPackage;
  readonly policy: Policy;
}

export class TreeStore {
  readonly #folder: string;
  /** Archives whose tree was found unchanged in this run. */
  readonly #found = new Set<string>();

  /** @param folder A folder to which only this user can write. If it outlives this run, its file system has birth times. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The tree of an archive, `sha512` in hex; undefined if there is none or it was changed. */
  find(sha512: string): string | undefined {
    const path = this.#path(sha512);
    const tree = join(path, TREE);
    if (this.#found.has(sha512)) return tree;
    if (!isSealed(tree, join(path, SEAL))) return undefined;
    this.#found.add(sha512);
    this.#touch(path);
    return tree;
  }

  /** Inspects an archive, and keeps its files if it is accepted. If they cannot be kept, `find` returns undefined later. */
  add(bytes: Uint8Array, sha512: string, options: StoredTreeOptions): Verdict {
    try {
      if (this.find(sha512) === undefined) return this.#unpack(bytes, sha512, options);
    } catch (error) {
      // The disk may be full. Inspect without keeping the files.
      if (!(error instanceof UnpackError) && errnoOf(error) === undefined) throw error;
    }
    const { expected, policy } = options;
    return inspect(bytes, { format: 'npm', expected, policy, sha512 });
  }

  /** Renames the tree after it is complete, so that other runs never see a part of it. */
  #unpack(bytes: Uint8Array, sha512: string, { expected, policy }: StoredTreeOptions): Verdict {
    const path = this.#path(sha512);
    const made = mkdtempSync(join(this.#folder, 'new-'));
    try {
      const tree = join(made, TREE);
      const options = { expected, policy, sha512, leavesLeftovers: true };
      const { status, verdict } = unpack(bytes, tree, options);
      if (status === 'unpacked') {
        sealTree(tree, join(made, SEAL));
        // Replaces a changed tree. A tree that another run has put there meanwhile stays.
        if (this.find(sha512) === undefined) {
          rmSync(path, { recursive: true, force: true });
          renameSync(made, path);
        }
      }
      return verdict;
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  }

  tidy(now: number = Date.now()): void {
    try {
      if (now - statSync(this.#folder).mtimeMs < TIDY_MS) return;
      utimesSync(this.#folder, new Date(now), new Date(now));
      for (const name of readdirSync(this.#folder)) {
        const path = join(this.#folder, name);
        if (now - lstatSync(path).mtimeMs > UNUSED_MS) rmSync(path, { recursive: true });
      }
    } catch {
      // Another process may have removed it first.
    }
  }

  #touch(path: string): void {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // Without the new time, the tree is removed earlier.
    }
  }

  #path(sha512: string): string {
    return join(this.#folder, sha512);
  }
}

/**
 * A file of a kept tree. node_modules shares these files by hard links, so a program can change them by mistake, and bun itself changes the
 * first line of a program. Comparing names, sizes and times is much faster than reading the files. A folder has the size 0.
 *
 * The birth of each file shows that it was made here. A cache that was restored from elsewhere can contain other files and a note about
 * them, but nobody can choose both the inode number and the birth time of a restored file.
 */
type Line = readonly [path: string, birth: string, changed: string, size: string];

/** Notes facts about a tree's files in the file `seal`. */
function sealTree(tree: string, seal: string): void {
  writeFileSync(seal, JSON.stringify(linesOf(tree)), { flag: 'wx' });
}

/** Whether a tree is unchanged. The note has to name all files: somebody else may have written it. */
function isSealed(tree: string, seal: string): boolean {
  try {
    return readFileSync(seal, 'utf8') === JSON.stringify(linesOf(tree));
  } catch {
    return false;
  }
}

function linesOf(tree: string): Line[] {
  const lines: Line[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    lines.push(lineAt(tree, folder));
    for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else lines.push(lineAt(tree, path));
    }
  }
  return lines.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function lineAt(tree: string, path: string): Line {
  const stats: BigIntStats = lstatSync(join(tree, path), { bigint: true });
  const size = stats.isDirectory() ? '0' : String(stats.size);
  return [path, birthOf(stats) ?? '', String(stats.mtimeNs), size];
}
