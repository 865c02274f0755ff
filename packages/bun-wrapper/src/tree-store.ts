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
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { inspect } from '@tarwarden/core/npm';
import { errnoOf, unpack, UnpackError } from '@tarwarden/host';

/** Milliseconds without use after which a tree is removed. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** Milliseconds between two searches for such trees. */
const TIDY_MS = 24 * 60 * 60 * 1000;

/** In the folder of an archive: its unpacked files, and a list of their times and sizes. */
const [TREE, SEAL] = ['tree', 'seal'];

export interface StoredTreeOptions {
  readonly expected: ExpectedPackage;
  readonly policy: Policy;
}

export class TreeStore {
  readonly #folder: string;
  /** Archives whose tree was found unchanged in this run. */
  readonly #found = new Set<string>();

  /** @param folder A folder to which only this user can write. */
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
 */
type Line = readonly [path: string, changed: number, size: number];

/** Notes the names, sizes and times of a tree's files in the file `seal`. */
function sealTree(tree: string, seal: string): void {
  const lines: Line[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    lines.push(lineOf(folder, lstatSync(join(tree, folder))));
    for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else lines.push(lineOf(path, lstatSync(join(tree, path))));
    }
  }
  writeFileSync(seal, JSON.stringify(lines), { flag: 'wx' });
}

/** Whether a tree is unchanged. An added or removed file changes the time of its folder. */
function isSealed(tree: string, seal: string): boolean {
  try {
    const lines = JSON.parse(readFileSync(seal, 'utf8')) as readonly Line[];
    return lines.every((line) => {
      const [, changed, size] = lineOf(line[0], lstatSync(join(tree, line[0])));
      return changed === line[1] && size === line[2];
    });
  } catch {
    return false;
  }
}

function lineOf(path: string, stats: Stats): Line {
  return [path, stats.mtimeMs, stats.isDirectory() ? 0 : stats.size];
}
