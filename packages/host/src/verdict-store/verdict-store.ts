/*
 * Verdicts that outlive a process. A verdict is a pure function of the bytes, the rules, the policy and the expected identity, so
 * it is kept under a key made of all four and never goes stale.
 *
 * <cache>/verdicts/v1/<context>/<time>-<random>.seg     context = rule set + policy fingerprint
 *
 * A segment is written once (temporary name, 0600, rename) and never changed, so processes cannot disturb each other. It ends with
 * the HMAC-SHA-256 of the context and of everything before it, under the key of this machine (machine-key/machine-key.ts). A segment
 * that is cut, changed, written elsewhere, a link, or writable by others is skipped, which costs an inspection. Without a key, the
 * store remembers for this process alone. Past SEGMENTS_MAX the segments are merged into one, and the oldest entries are dropped first.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { ExpectedPackage, Format, Policy, Verdict } from '@tarwarden/core';
import type { Environment } from './cache-directory.ts';
import { cacheDirectory, isPrivateDirectory, makePrivateDirectory } from './cache-directory.ts';
import { keyFor } from '../machine-key/machine-key.ts';
import { policyFingerprint } from './policy-fingerprint.ts';
import {
  dropOldContexts,
  KEPT_PREFIX,
  readSegments,
  removeSegments,
  writeSegment,
} from './verdict-segments.ts';

/** The most segments before they are merged: an install adds one to three, and a warm install reads them all. */
const SEGMENTS_MAX = 24;
/** The most verdicts in one context: some ten large projects, about 7 MB. */
const ENTRIES_MAX = 20_000;
/** The most entries that wait for `flush`. */
const PENDING_MAX = 256;

/** The inspected bytes. A verdict is found only under an equal key. */
export interface VerdictKey {
  /** Subresource Integrity of the bytes: one hash, `sha512`, `sha384` or `sha256`. Verdicts under weaker ones are never remembered. */
  readonly integrity: string;
  readonly format?: Format;
  /** The identity that the archive was inspected against; the verdict depends on it. */
  readonly expected?: ExpectedPackage;
  /** The folder of the archive that the client installs, if not all of it. */
  readonly folder?: string;
}

export interface VerdictStore {
  /** The folder of the verdicts; undefined if it is not writable or not private, or if this machine keeps no key. */
  readonly directory: string | undefined;
  /** The remembered verdict, or undefined. Never throws. The first call reads the segments. */
  get(key: VerdictKey): Verdict | undefined;
  /** Remembers a verdict: at once for this process, for others after the next `flush`. */
  put(key: VerdictKey, verdict: Verdict): void;
  /**
   * A text that {@link putLink} stored under this name, or undefined. `name` contains the kind of statement and all digests, such
   * as `yarn-zip:<cache key>:<sha512 of the zip>`.
   */
  getLink(name: string): string | undefined;
  putLink(name: string, text: string): void;
  /** Writes new entries to one file. Never throws: an entry that cannot be written is inspected again next time. */
  flush(): void;
}

export interface VerdictStoreOptions {
  /** `RULESET` of the core. */
  readonly ruleset: string;
  readonly policy: Policy;
  readonly env: Environment;
  /** Replaces `<cache directory>/verdicts`. */
  readonly directory?: string;
  /** Whether this store is kept when old contexts are removed. */
  readonly isKept?: boolean;
}

/** Never throws and touches no disk: an unusable store remembers for this process alone. */
export function openVerdictStore(options: VerdictStoreOptions): VerdictStore {
  const cache = cacheDirectory(options.env);
  const above = options.directory === undefined ? [cache, join(cache, 'verdicts')] : [];
  const context = digest([options.ruleset, policyFingerprint(options.policy)]).slice(0, 32);
  return new SegmentStore(
    [...above, join(options.directory ?? join(cache, 'verdicts'), 'v1')],
    options.isKept === true ? `${KEPT_PREFIX}${context}` : context,
    options.env,
  );
}

class SegmentStore implements VerdictStore {
  /** Every folder is checked: a cache behind a link or in another user's folder may be part of a clone. */
  readonly #folders: readonly string[];
  readonly #root: string;
  readonly #context: string;
  readonly #env: Environment;
  readonly #pending = new Map<string, string>();
  #entries: Map<string, string> | undefined;
  /** The number of segments. */
  #segments = 0;
  #usable: boolean | undefined;

  /** @param folders The folder of all contexts, after the folders above it that are tarwarden's own. */
  constructor(folders: readonly string[], context: string, env: Environment) {
    this.#root = folders.at(-1)!;
    this.#context = join(this.#root, context);
    this.#folders = [...folders, this.#context];
    this.#env = env;
  }

  get directory(): string | undefined {
    this.#usable ??= this.#folders.every(makePrivateDirectory) && this.#key(true) !== undefined;
    return this.#usable ? this.#context : undefined;
  }

  #key(make: boolean): Buffer | undefined {
    return keyFor('remembered verdicts', this.#env, make);
  }

  get(key: VerdictKey): Verdict | undefined {
    return parseVerdict(this.#read(() => verdictName(key)));
  }

  put(key: VerdictKey, verdict: Verdict): void {
    this.#write(verdictName(key), verdict);
  }

  getLink(name: string): string | undefined {
    const text = parse(this.#read(() => digest(['link', name])));
    return typeof text === 'string' ? text : undefined;
  }

  putLink(name: string, text: string): void {
    this.#write(digest(['link', name]), text);
  }

  flush(): void {
    if (this.#pending.size === 0) return;
    const directory = this.directory;
    const key = this.#key(true);
    if (directory !== undefined && key !== undefined) {
      try {
        const known = this.#load();
        writeSegment(directory, this.#pending, key);
        this.#segments += 1;
        if (this.#segments > SEGMENTS_MAX) this.#merge(directory, known, key);
      } catch {
        // A full or read-only disk costs another inspection, never the install.
      }
    }
    this.#pending.clear();
  }

  #merge(directory: string, known: ReadonlyMap<string, string>, key: Buffer): void {
    const old = readSegments(directory, () => key);
    this.#entries = new Map([...known, ...old.entries]);
    const newest = [...this.#entries].slice(-ENTRIES_MAX);
    writeSegment(directory, new Map(newest), key);
    removeSegments(directory, old.files);
    dropOldContexts(this.#root);
    this.#segments = 1;
  }

  #load(): Map<string, string> {
    if (this.#entries !== undefined) return this.#entries;
    if (!this.#folders.every(isPrivateDirectory)) return (this.#entries = new Map());
    const { files, entries } = readSegments(this.#context, () => this.#key(false));
    this.#segments = files.length;
    return (this.#entries = entries);
  }

  /** `nameOf` is called only if there are entries: an install looks up a thousand keys. */
  #read(nameOf: () => string | undefined): string | undefined {
    const entries = this.#load();
    const name = entries.size === 0 ? undefined : nameOf();
    return name === undefined ? undefined : entries.get(name);
  }

  #write(name: string | undefined, value: unknown): void {
    if (name === undefined) return;
    const text = JSON.stringify(value);
    this.#load().set(name, text);
    this.#pending.set(name, text);
    if (this.#pending.size >= PENDING_MAX) this.flush();
  }
}

/** Undefined for a key that must not be remembered: several hashes, or one with known collisions. */
function verdictName({
  integrity,
  format = 'npm',
  expected,
  folder,
}: VerdictKey): string | undefined {
  if (!/^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/.test(integrity)) return undefined;
  const { name = null, version = null, fileName } = expected ?? {};
  const file = fileName === undefined ? [] : [fileName];
  const inFolder = folder === undefined ? [] : ['folder', folder];
  return digest(['verdict', integrity, format, name, version, ...file, ...inFolder]);
}

function parseVerdict(text: string | undefined): Verdict | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { status, findings, archive } = value as Partial<Verdict>;
  if ((status !== 'accept' && status !== 'reject') || !Array.isArray(findings)) return undefined;
  return typeof archive?.integrity === 'string' ? (value as Verdict) : undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON, so that no two different lists give the same text. */
function digest(parts: readonly (string | null)[]): string {
  return hash('sha256', JSON.stringify(parts));
}
