/*
 * Verdicts that outlive a process. A verdict is a pure function of the bytes, the rules, the policy and the expected identity, so
 * it is kept under a key made of all four and never goes stale.
 *
 * <cache>/verdicts/v1/<context>/<key id>.verdicts     context = rule set + policy fingerprint
 *
 * A file ends with the HMAC-SHA-256 of the context and of everything before it, under the key of this machine
 * (machine-key.ts). A file that is cut, changed, written elsewhere, or a link, is passed over, which costs inspections. Without
 * a key, the store remembers for this process alone.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Exception, ExpectedPackage, Format, Policy, Verdict } from '@tarwarden/core';
import { makeFolders } from '../files/make-folders.ts';
import { keyFor } from '../machine-key.ts';
import { cacheDirectory, type Environment } from './cache-directory.ts';
import { KEPT_PREFIX, VerdictFile, type VerdictEntries } from './verdict-file.ts';

/** The most entries that wait for `flush`. */
const PENDING_MAX = 1000;

/** Milliseconds in which entries are collected before `flushSoon` writes them. */
const FLUSH_MS = 2000;

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
  /** The folder of the verdicts; undefined if it cannot be made, or if this machine keeps no key. */
  readonly directory: string | undefined;
  /** The remembered verdict, or undefined. Never throws. The first call reads the file. */
  get(key: VerdictKey): Verdict | undefined;
  /** Remembers a verdict: at once for this process, for others after the next `flush`. */
  put(key: VerdictKey, verdict: Verdict): void;
  /**
   * A text that {@link putLink} stored under this name, or undefined. `name` contains the kind of statement and all digests, such
   * as `yarn-zip:<cache key>:<sha512 of the zip>`.
   */
  getLink(name: string): string | undefined;
  putLink(name: string, text: string): void;
  /** Adds new entries to the file. Never throws: an entry that cannot be written is inspected again next time. */
  flush(): void;
  /** Flushes after a short time, so that other processes find the entries while this one still runs. */
  flushSoon(): void;
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
  const context = digest([options.ruleset, policyFingerprint(options.policy)]).slice(0, 32);
  const name = options.isKept === true ? `${KEPT_PREFIX}${context}` : context;
  const verdicts = options.directory ?? join(cacheDirectory(options.env), 'verdicts');
  return new FileStore(join(verdicts, 'v1', name), options.env);
}

class FileStore implements VerdictStore {
  readonly #folder: string;
  readonly #env: Environment;
  readonly #pending: VerdictEntries = new Map();
  #file: VerdictFile | undefined;
  #entries: VerdictEntries | undefined;
  #usable: boolean | undefined;
  #hasTidied = false;
  #willFlush = false;

  constructor(folder: string, env: Environment) {
    this.#folder = folder;
    this.#env = env;
  }

  get directory(): string | undefined {
    this.#usable ??= isMade(this.#folder) && this.#key(true) !== undefined;
    return this.#usable ? this.#folder : undefined;
  }

  #key(mayMake: boolean): Buffer | undefined {
    return keyFor('remembered verdicts', this.#env, mayMake);
  }

  get(key: VerdictKey): Verdict | undefined {
    return parseVerdict(this.#lookUp(() => verdictName(key)));
  }

  put(key: VerdictKey, verdict: Verdict): void {
    this.#write(verdictName(key), verdict);
  }

  getLink(name: string): string | undefined {
    const text = parse(this.#lookUp(() => digest(['link', name])));
    return typeof text === 'string' ? text : undefined;
  }

  putLink(name: string, text: string): void {
    this.#write(digest(['link', name]), text);
  }

  flush(): void {
    if (this.#pending.size === 0) return;
    try {
      const file = this.directory === undefined ? undefined : this.#opened(true);
      file?.add(this.#pending);
      if (!this.#hasTidied) file?.tidy();
      this.#hasTidied = true;
    } catch {
      // A full or read-only disk costs another inspection, never the install.
    }
    this.#pending.clear();
  }

  flushSoon(): void {
    if (this.#willFlush) return;
    this.#willFlush = true;
    setTimeout(() => {
      this.#willFlush = false;
      this.flush();
    }, FLUSH_MS).unref();
  }

  /** The file, which need not exist. Undefined if there is no key for it. */
  #opened(mayMake: boolean): VerdictFile | undefined {
    if (this.#file !== undefined) return this.#file;
    const key = this.#key(mayMake);
    return (this.#file = key && new VerdictFile(this.#folder, key));
  }

  #load(): VerdictEntries {
    return (this.#entries ??= this.#opened(false)?.entries ?? new Map());
  }

  /** `makeName` is called only if there are entries: an install looks up a thousand keys. */
  #lookUp(makeName: () => string | undefined): string | undefined {
    const entries = this.#load();
    const name = entries.size === 0 ? undefined : makeName();
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

function isMade(folder: string): boolean {
  try {
    makeFolders(folder, 0o700);
    return true;
  } catch {
    return false;
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

/** Equal for policies that give equal verdicts. `today` matters only if it makes an exception expire. Hex. */
export function policyFingerprint(policy: Policy): string {
  // The contact is a line of a refusal, and no verdict depends on it.
  const { today, exceptions, proposals = [], contact: _contact, ...otherFields } = policy;
  const dated = (list: readonly Exception[]): object[] =>
    list.map((exception) => ({ ...exception, expired: exception.expires < today }));
  return hash(
    'sha256',
    sortedJson({
      ...otherFields,
      exceptions: dated(exceptions),
      ...(proposals.length > 0 && { proposals: dated(proposals) }),
    }),
  );
}

/** JSON with sorted keys, without undefined fields: equal values give equal texts. */
function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  const pairs = keys.sort().map((key) => `${JSON.stringify(key)}:${sortedJson(fields[key])}`);
  return `{${pairs.join(',')}}`;
}
