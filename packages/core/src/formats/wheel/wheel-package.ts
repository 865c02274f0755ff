import { createHash, type Hash } from 'node:crypto';
import { type Entry, Typeflag } from '../../containers/entry.ts';
import { Body } from '../../tree/body.ts';
import {
  MAX_ENTRY_POINTS,
  MAX_RECORD_LINES,
  MAX_RECORD_VALUE_CHARS,
  MAX_RECORD_BYTES,
  type Limits,
} from '../../limits.ts';
import { strayCharacter } from '../../metadata/pypi/stray-characters.ts';
import type { ArchiveBytes } from '../../containers/archive-file.ts';
import type { IndexStatements } from '../../metadata/index-claim.ts';
import type { ManifestFacts } from '../../finding/verdict.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import { readCoreMetadata, type CoreMetadata } from '../../metadata/pypi/core-metadata.ts';
import { wheelStatements } from '../../metadata/pypi/requirements.ts';
import { readHeaderFields, type HeaderFields } from '../../metadata/pypi/header-fields.ts';
import { quote } from '../../text/printable.ts';
import type { PackageTree } from '../../tree/tree.ts';
import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { readZip } from '../../containers/zip/reader.ts';

/** Algorithms of hashes that RECORD may have. */
type Algorithm = 'sha256' | 'sha384' | 'sha512';

/** Hashes the content of one entry, and keeps the content only if it is read. */
class HashedBody extends Body {
  readonly #algorithm: Algorithm;
  readonly #keepsContent: boolean;
  readonly #hash: Hash;
  #bytes = 0;

  constructor(
    entry: Entry,
    { keepsContent, algorithm }: { readonly keepsContent: boolean; readonly algorithm: Algorithm },
  ) {
    super(entry);
    this.#keepsContent = keepsContent;
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  override add(piece: Buffer): void {
    this.#hash.update(piece);
    this.#bytes += piece.length;
    if (this.#keepsContent) super.add(piece);
  }

  /** The hash as RECORD has it, `sha256=<base64url>`. Undefined if the content was cut short. Call it only once. */
  digest(): string | undefined {
    if (this.#bytes !== this.entry.size) return undefined;
    return `${this.#algorithm}=${this.#hash.digest('base64url')}`;
  }
}

/** A command that installers write a script for. */
interface Script {
  readonly name: string;
  readonly value: string;
}

interface EntryPoints {
  readonly scripts: readonly Script[];
  /** The reason why it was not read to its end. */
  readonly wrong?: string;
}

const SCRIPTS: ReadonlySet<string> = new Set(['console_scripts', 'gui_scripts']);

/** A group. Python removes all brackets around the name, others only one, so the name must not contain any. */
const GROUP = /^\[([^[\]]+)\]$/;

/**
 * Reads the commands of entry_points.txt as Python does (importlib.metadata, pkg_resources): lines of `name = value` in groups. It
 * looks like an INI file, but only `#` begins a comment.
 */
export function readEntryPoints(bytes: Buffer): EntryPoints {
  const text = bytes.toString('utf8');
  const stray = strayCharacter(text);
  if (stray !== undefined) return { scripts: [], wrong: stray };
  const scripts: Script[] = [];
  let group: string | undefined;
  for (const raw of text.split(/\r\n?|\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      const [, name] = GROUP.exec(line) ?? [];
      if (name === undefined)
        return { scripts, wrong: 'a line begins with `[` and names no group' };
      group = name.trim();
      // pkg_resources removes the white space. importlib.metadata and configparser look for the name with it.
      if (group !== name && SCRIPTS.has(group))
        return { scripts, wrong: `white space is around the name of the group ${group}` };
      continue;
    }
    if (group === undefined) return { scripts, wrong: 'a line comes before the first group' };
    if (!SCRIPTS.has(group)) continue;
    const equals = line.indexOf('=');
    if (equals < 0) return { scripts, wrong: 'a line of commands has no `=`' };
    if (scripts.length >= MAX_ENTRY_POINTS)
      return { scripts, wrong: `it has more than ${MAX_ENTRY_POINTS} commands` };
    scripts.push({
      name: line.slice(0, equals).trim(),
      value: line.slice(equals + 1).trim(),
    });
  }
  return { scripts };
}

/** A line of RECORD: a file of the wheel, with its hash and its size. */
export interface RecordLine {
  readonly path: string;
  /** `sha256=<base64url>`; empty for RECORD itself. */
  readonly hash: string;
  readonly size: string;
}

interface RecordFile {
  readonly lines: readonly RecordLine[];
  /** The reason why it was not read to its end. */
  readonly wrong?: string;
}

const FIELDS = 3;

/**
 * Reads RECORD: comma-separated values (RFC 4180), three to a line. pip splits it into lines before it looks for quotes, so a value
 * cannot contain an end of line.
 */
export function readRecord(bytes: Buffer): RecordFile {
  const lines: RecordLine[] = [];
  const text = bytes.toString('utf8');
  const stray = strayCharacter(text);
  if (stray !== undefined) return { lines, wrong: stray };
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    if (count >= MAX_RECORD_LINES)
      return { lines, wrong: `it has more than ${MAX_RECORD_LINES} lines` };
    const line = readLine(text, at);
    const wrong = `line ${count + 1} is not three values`;
    if (line === undefined) return { lines, wrong };
    at = line.end;
    const [path, hash, size] = line.values;
    if (line.values.some((value) => /[\r\n]/.test(value)))
      return { lines, wrong: `line ${count + 1} has an end of line in a value` };
    if (line.values.length === 1 && path === '') continue;
    if (path === undefined || hash === undefined || size === undefined) return { lines, wrong };
    lines.push({ path, hash, size });
  }
  return { lines };
}

/** The values of the line that begins at `from`, and the end of the line. Undefined if it is not a valid line. */
function readLine(text: string, from: number): { values: string[]; end: number } | undefined {
  const values: string[] = [];
  for (let at = from; values.length <= FIELDS;) {
    const value = text[at] === '"' ? quoted(text, at) : plain(text, at);
    if (value === undefined) return undefined;
    values.push(value.text);
    at = value.end;
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') return undefined;
    return values.length === FIELDS || values.length === 1 ? { values, end: at + 1 } : undefined;
  }
  return undefined;
}

/** A value up to the next comma or end of line. */
const PLAIN = new RegExp(`[^,\\r\\n]{0,${MAX_RECORD_VALUE_CHARS}}`, 'y');

function plain(text: string, from: number): { text: string; end: number } {
  PLAIN.lastIndex = from;
  const [value = ''] = PLAIN.exec(text) ?? [];
  return { text: value, end: from + value.length };
}

function quoted(text: string, from: number): { text: string; end: number } | undefined {
  for (
    let at = text.indexOf('"', from + 1);
    at >= 0 && at - from <= MAX_RECORD_VALUE_CHARS;
    at = text.indexOf('"', at + 2)
  ) {
    if (text[at + 1] !== '"')
      return { text: text.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}

const STRONGER = /^(sha384|sha512)=/;

/** Files with a hash in RECORD that is stronger than SHA-256, by the index of their entry. */
function strongerIn(
  record: RecordFile,
  files: ReadonlyMap<string, WheelEntry>,
): Map<number, Algorithm> {
  const algorithms = new Map<number, Algorithm>();
  for (const { path, hash } of record.lines) {
    const [, algorithm] = STRONGER.exec(hash) ?? [];
    const file = files.get(path);
    if (file !== undefined && algorithm !== undefined)
      algorithms.set(file.entry.index, algorithm as Algorithm);
  }
  return algorithms;
}

/**
 * Computes the hashes for which RECORD has a stronger algorithm than SHA-256, in a second reading. RECORD usually comes last, and no
 * real wheel has such hashes, so the first reading computes only SHA-256.
 */
function computeStronger(
  archive: ArchiveBytes,
  files: Map<string, WheelEntry>,
  { record, limits }: { readonly record: RecordFile; readonly limits: Limits },
): void {
  const algorithms = strongerIn(record, files);
  if (algorithms.size === 0) return;
  const bodies: HashedBody[] = [];
  readZip(
    archive,
    {
      entry: (entry) => {
        const algorithm = algorithms.get(entry.index);
        if (algorithm !== undefined)
          bodies.push(new HashedBody(entry, { keepsContent: false, algorithm }));
        return algorithm !== undefined;
      },
      body: (piece) => bodies.at(-1)?.add(piece),
      // The first reading has reported the anomalies.
      anomaly: () => {},
      enough: () => bodies.length === algorithms.size,
    },
    { limits, dialect: COMMON_ZIP },
  );
  for (const body of bodies) files.set(body.entry.path, { entry: body.entry, hash: body.digest() });
}

/** A file of the wheel. */
export interface WheelEntry {
  readonly entry: Entry;
  /** The hash as RECORD has it, with the algorithm of its line there, else SHA-256. Undefined if the content was cut short. */
  readonly hash: string | undefined;
}

/** A file that is read. It has no content if it is too long or was cut short. */
export interface ReadFile<T> {
  readonly entry: Entry;
  readonly content: T | undefined;
}

const READ = ['METADATA', 'WHEEL', 'RECORD', 'entry_points.txt'] as const;
type ReadName = (typeof READ)[number];

/** The metadata of a wheel: the files in its `.dist-info`. */
export class WheelPackage implements Metadata {
  readonly tree: PackageTree;
  /** Top folders whose name ends in `.dist-info`, in any case, each with its first entry. */
  readonly distInfos: Map<string, Entry> = new Map();
  /** Files by path, as the wheel spells it. If a path occurs twice, the last one. */
  readonly files: Map<string, WheelEntry> = new Map();
  metadata: ReadFile<CoreMetadata> | undefined;
  declares: IndexStatements | undefined;
  wheel: ReadFile<HeaderFields> | undefined;
  record: ReadFile<RecordFile> | undefined;
  entryPoints: ReadFile<EntryPoints> | undefined;

  readonly #limits: Limits;
  readonly #archive: ArchiveBytes;
  readonly #bodies = new Map<string, HashedBody>();
  readonly #readBodies = new Map<ReadName, HashedBody>();

  constructor(tree: PackageTree, limits: Limits, archive: ArchiveBytes) {
    this.tree = tree;
    this.#limits = limits;
    this.#archive = archive;
  }

  get claimed(): ManifestFacts | undefined {
    const content = this.metadata?.content;
    if (content === undefined) return undefined;
    const { name, version } = content;
    const { declares } = this;
    return {
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
      ...(declares !== undefined && { declares }),
    };
  }

  /** The `.dist-info` folder. Undefined if there is none, or more than one. */
  get distInfo(): string | undefined {
    const [name] = this.distInfos.keys();
    return this.distInfos.size === 1 ? name : undefined;
  }

  /** The first requirement that does not come from an index, in words. */
  get outsideDependencies(): readonly { readonly detail: string; readonly entry?: Entry }[] {
    const { content, entry } = this.metadata ?? {};
    if (entry === undefined || content?.elsewhere === undefined) return [];
    return [{ detail: `it requires ${quote(content.elsewhere)}`, entry }];
  }

  bodyFor(entry: Entry, key: string): HashedBody | undefined {
    const [top = '', file, ...deeper] = key.split('/', 3);
    if (/\.dist-info$/i.test(top) && !this.distInfos.has(top)) this.distInfos.set(top, entry);
    if (entry.typeflag !== Typeflag.File) return undefined;
    // Read the files of the first such folder: a wheel with a second one is rejected.
    const [first] = this.distInfos.keys();
    const name =
      deeper.length === 0 && top === first ? READ.find((name) => name === file) : undefined;
    const body = new HashedBody(entry, {
      keepsContent: name !== undefined && entry.size <= this.#capOf(name),
      algorithm: 'sha256',
    });
    this.#bodies.set(entry.path, body);
    if (name !== undefined) this.#readBodies.set(name, body);
    return body;
  }

  #capOf(name: ReadName): number {
    const cap = this.#limits.manifestBytes;
    return name === 'RECORD' ? Math.max(MAX_RECORD_BYTES, cap) : cap;
  }

  end(): void {
    for (const [path, body] of this.#bodies)
      this.files.set(path, { entry: body.entry, hash: body.digest() });
    this.#bodies.clear();
    this.metadata = this.#contentOf('METADATA', readCoreMetadata);
    this.declares = this.#contentOf('METADATA', wheelStatements)?.content;
    this.wheel = this.#contentOf('WHEEL', readHeaderFields);
    this.record = this.#contentOf('RECORD', readRecord);
    this.entryPoints = this.#contentOf('entry_points.txt', readEntryPoints);
    const record = this.record?.content;
    if (record !== undefined)
      computeStronger(this.#archive, this.files, { record, limits: this.#limits });
  }

  #contentOf<T>(name: ReadName, parse: (bytes: Buffer) => T): ReadFile<T> | undefined {
    const body = this.#readBodies.get(name);
    if (body === undefined) return undefined;
    const bytes = body.whole();
    return { entry: body.entry, content: bytes && parse(bytes) };
  }
}
