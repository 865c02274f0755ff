/* The files of the verdict store: one for each context and key, rewritten as a whole and authenticated with the key. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileState, replaceFile } from '../files/replace-file.ts';
import { readBounded } from '../files/read-bounded.ts';

/** The largest file that we write is smaller; larger files are ignored. Bytes. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** The most verdicts in one file, and how many stay when there are more: some ten large projects, about 7 MB. */
const ENTRIES_MAX = 20_000;
const ENTRIES_KEPT = 16_000;
/** The most combinations of rule set and policy whose verdicts are kept. */
const CONTEXTS_MAX = 8;
/** Prefix of contexts that are never dropped. */
export const KEPT_PREFIX = 'kept-';
/** Age after which files of other keys and abandoned temporary files are removed. Milliseconds. */
const STALE_MS = 7 * 24 * 60 * 60 * 1000;

const HEADER = 'tarwarden verdicts 3\n';
const MAC_CHARS = 64;

/** Key (64 hex digits) to value (one line of JSON). */
export type VerdictEntries = Map<string, string>;

/** The verdicts of one context that were written with one key. */
export class VerdictFile {
  readonly path: string;
  /** All entries that were read or added, also those that the file does not have any more. */
  readonly entries: VerdictEntries = new Map();
  readonly #directory: string;
  readonly #key: Buffer;
  /** The entries of this process. */
  readonly #ownEntries: VerdictEntries = new Map();
  /** The content of the file without its code, the number of its lines, and the state of the file that has them. */
  #body: Buffer = Buffer.from(HEADER);
  #lines = 0;
  #state = '';

  constructor(directory: string, key: Buffer) {
    const keyId = createHmac('sha256', key).update('name of the file').digest('hex').slice(0, 16);
    this.path = join(directory, `${keyId}.verdicts`);
    this.#directory = directory;
    this.#key = key;
    this.#readFile();
  }

  /**
   * Adds entries, and drops the oldest if there are too many. Other processes see the old file or the new one. If two processes write
   * at the same moment, the entries of one are lost until it writes again, which costs inspections at most.
   * @throws the errors of {@link replaceFile}.
   */
  add(added: VerdictEntries): void {
    for (const [name, value] of added) {
      this.entries.set(name, value);
      this.#ownEntries.set(name, value);
    }
    const knownNames = this.#readFile();
    const missing =
      knownNames === undefined
        ? added
        : [...this.#ownEntries].filter(([name]) => added.has(name) || !knownNames.has(name));
    const lines = [...missing].map(([name, value]) => `${name} ${value}\n`);
    this.#lines += lines.length;
    this.#body = Buffer.concat([this.#body, Buffer.from(lines.join(''))]);
    if (this.#lines > ENTRIES_MAX) {
      this.#lines = ENTRIES_KEPT;
      const newest = linesOf(this.#body).slice(-ENTRIES_KEPT);
      this.#body = Buffer.from(`${HEADER}${newest.join('\n')}\n`);
    }
    const content = Buffer.concat([this.#body, Buffer.from(this.#mac(this.#body))]);
    replaceFile(this.path, content, { permissions: 0o600 });
    this.#state = fileState(this.path);
  }

  /**
   * Reads the file if another process has written it. A file that is not exactly as it was written counts as empty: a cache that came
   * from elsewhere may contain a forged one. Returns the names in it; undefined if it was not read.
   */
  #readFile(): ReadonlySet<string> | undefined {
    const state = fileState(this.path);
    if (state === this.#state) return undefined;
    this.#state = state;
    this.#body = this.#authentic() ?? Buffer.from(HEADER);
    const lines = linesOf(this.#body);
    this.#lines = lines.length;
    for (const line of lines) this.entries.set(line.slice(0, 64), line.slice(65));
    return new Set(lines.map((line) => line.slice(0, 64)));
  }

  #authentic(): Buffer | undefined {
    try {
      const { bytes } = readBounded(this.path, { bytesMax: FILE_BYTES_MAX, follow: false });
      const body = bytes!.subarray(0, -MAC_CHARS);
      const mac = Buffer.from(this.#mac(body));
      const isWhole = timingSafeEqual(mac, bytes!.subarray(-MAC_CHARS));
      return isWhole && body.indexOf(HEADER) === 0 ? body : undefined;
    } catch {
      return undefined;
    }
  }

  /** The name of the folder counts too: a file that is moved to the folder of another policy is not believed there. */
  #mac(body: Buffer): string {
    const hmac = createHmac('sha256', this.#key).update(`${basename(this.#directory)}\n`);
    return hmac.update(body).digest('hex');
  }

  /** Removes old files beside this one, and the contexts that were written longest ago. Throws on I/O errors. */
  tidy(): void {
    for (const name of readdirSync(this.#directory)) {
      const path = join(this.#directory, name);
      if (path !== this.path && Date.now() - modified(path) > STALE_MS)
        rmSync(path, { force: true });
    }
    const root = join(this.#directory, '..');
    const contexts = readdirSync(root)
      .filter((name) => !name.startsWith(KEPT_PREFIX))
      .map((name) => ({ path: join(root, name), time: modified(join(root, name)) }))
      .toSorted((a, b) => b.time - a.time);
    for (const { path } of contexts.slice(CONTEXTS_MAX)) rmSync(path, { recursive: true });
  }
}

function linesOf(body: Buffer): readonly string[] {
  return body.toString('utf8', HEADER.length).split('\n').slice(0, -1);
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}
