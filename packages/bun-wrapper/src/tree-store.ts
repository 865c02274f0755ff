/*
 * What accepted archives unpack to, each in a folder named by the SHA-512 of the archive. bun's own cache names folders by
 * package, version and registry, so that one made from other bytes is taken for the same.
 */
import { lstatSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { inspect } from '@tarwarden/core/npm';
import { unpack, UnpackError } from '@tarwarden/host';

/** A tree goes when no guarded run has used it for so long. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** It is looked for those once in so long. */
const TIDY_MS = 24 * 60 * 60 * 1000;

export interface UnpackOptions {
  readonly expected: ExpectedPackage;
  readonly policy: Policy;
}

export class TreeStore {
  readonly #folder: string;
  /** What was noted to be in use. */
  readonly #found = new Set<string>();
  /** Of what killed runs have left. */
  #isSwept = false;

  /** @param folder That only this user can write. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The tree of an archive, `sha512` in hex; undefined where there is none. */
  find(sha512: string): string | undefined {
    const path = this.#path(sha512);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    if (!this.#found.has(sha512)) this.#touch(path);
    this.#found.add(sha512);
    return path;
  }

  /** Inspects an archive, and keeps what it unpacks to where it is accepted. Where that cannot be kept, `find` says so. */
  add(bytes: Uint8Array, sha512: string, { expected, policy }: UnpackOptions): Verdict {
    const path = this.#path(sha512);
    try {
      if (this.find(sha512) === undefined) {
        const leavesLeftovers = this.#isSwept;
        this.#isSwept = true;
        return unpack(bytes, path, { expected, policy, sha512, leavesLeftovers }).verdict;
      }
    } catch (error) {
      // Another run may have put it there meanwhile; a disk may be full.
      if (!(error instanceof UnpackError)) throw error;
    }
    return inspect(bytes, { format: 'npm', expected, policy, sha512 });
  }

  /** Removes what was not used for long. */
  tidy(now: number = Date.now()): void {
    try {
      if (now - statSync(this.#folder).mtimeMs < TIDY_MS) return;
      utimesSync(this.#folder, new Date(now), new Date(now));
      for (const name of readdirSync(this.#folder)) {
        const path = join(this.#folder, name);
        if (now - lstatSync(path).mtimeMs > UNUSED_MS) rmSync(path, { recursive: true });
      }
    } catch {
      // Another process was first; it can be tidied another time.
    }
  }

  #touch(path: string): void {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // It is only kept for less long.
    }
  }

  #path(sha512: string): string {
    return join(this.#folder, sha512);
  }
}
