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
} from 'node:fs';
import { join } from 'node:path';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { inspect } from '@tarwarden/core/npm';
import { errnoOf, unpack, UnpackError } from '@tarwarden/guard';

/** Milliseconds without use after which a tree is removed. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** Milliseconds between two searches for such trees. */
const TIDY_MS = 24 * 60 * 60 * 1000;

export interface StoredTreeOptions {
  readonly expected: ExpectedPackage;
  readonly policy: Policy;
}

export class TreeStore {
  readonly #folder: string;
  /** Archives whose tree was found in this run. */
  readonly #foundHashes = new Set<string>();

  /** @param folder A folder to which only this user can write. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The tree of an archive, `sha512` in hex; undefined if there is none. */
  find(sha512: string): string | undefined {
    const tree = join(this.#folder, sha512);
    if (this.#foundHashes.has(sha512)) return tree;
    if (lstatSync(tree, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
    this.#foundHashes.add(sha512);
    touch(tree);
    return tree;
  }

  /** Inspects an archive, and keeps its files if it is accepted. If they cannot be kept, `find` returns undefined later. */
  add(bytes: Uint8Array, sha512: string, options: StoredTreeOptions): Verdict {
    try {
      if (this.find(sha512) === undefined) return this.#unpack(bytes, sha512, options);
    } catch (error) {
      // The disk may be full, or another run has put the tree there meanwhile. Inspect without keeping the files.
      if (!(error instanceof UnpackError) && errnoOf(error) === undefined) throw error;
    }
    const { expected, policy } = options;
    return inspect(bytes, { format: 'npm', expected, policy, sha512 });
  }

  /** Renames the tree after it is complete, so that other runs never see a part of it. */
  #unpack(bytes: Uint8Array, sha512: string, { expected, policy }: StoredTreeOptions): Verdict {
    const temporary = mkdtempSync(join(this.#folder, 'new-'));
    try {
      const tree = join(temporary, 'tree');
      const options = { expected, policy, sha512, leavesLeftovers: true };
      const { status, verdict } = unpack(bytes, tree, options);
      if (status === 'unpacked') renameSync(tree, join(this.#folder, sha512));
      return verdict;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
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
}

function touch(tree: string): void {
  const now = new Date();
  try {
    utimesSync(tree, now, now);
  } catch {
    // Without the new time, the tree is removed earlier.
  }
}
