import type { ArchiveBytes } from '../../containers/archive-file.ts';
import { type Entry, Typeflag } from '../../containers/entry.ts';
import type { IndexStatements } from '../../metadata/index-claim.ts';
import type { ManifestFacts } from '../../finding/verdict.ts';
import { MAX_RECORD_BYTES, type Limits } from '../../limits.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import { readCoreMetadata, type CoreMetadata } from '../../metadata/pypi/core-metadata.ts';
import { wheelStatements } from '../../metadata/pypi/requirements.ts';
import { readHeaderFields, type HeaderFields } from '../../metadata/pypi/header-fields.ts';
import { quote } from '../../text/printable.ts';
import type { PackageTree } from '../../tree/tree.ts';
import { readEntryPoints, type EntryPoints } from './entry-points.ts';
import { HashedBody, type Algorithm } from './hashed-body.ts';
import { readRecord, type RecordFile } from './record.ts';
import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { readZip } from '../../containers/zip/reader.ts';

const STRONGER = /^(sha384|sha512)=/;

/** Files with a hash in RECORD that is stronger than SHA-256, by the index of their entry. */
function strongerIn(
  record: RecordFile,
  files: ReadonlyMap<string, WheelEntry>,
): Map<number, Algorithm> {
  const wanted = new Map<number, Algorithm>();
  for (const { path, hash } of record.lines) {
    const [, algorithm] = STRONGER.exec(hash) ?? [];
    const file = files.get(path);
    if (file !== undefined && algorithm !== undefined)
      wanted.set(file.entry.index, algorithm as Algorithm);
  }
  return wanted;
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
  const wanted = strongerIn(record, files);
  if (wanted.size === 0) return;
  const bodies: HashedBody[] = [];
  readZip(
    archive,
    {
      entry: (entry) => {
        const algorithm = wanted.get(entry.index);
        if (algorithm !== undefined) bodies.push(new HashedBody(entry, { keep: false, algorithm }));
        return algorithm !== undefined;
      },
      body: (piece) => bodies.at(-1)?.add(piece),
      // The first reading has reported the anomalies.
      anomaly: () => {},
      enough: () => bodies.length === wanted.size,
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
  readonly #read = new Map<ReadName, HashedBody>();

  constructor(tree: PackageTree, limits: Limits, archive: ArchiveBytes) {
    this.tree = tree;
    this.#limits = limits;
    this.#archive = archive;
  }

  get claimed(): ManifestFacts | undefined {
    const found = this.metadata?.content;
    if (found === undefined) return undefined;
    const { name, version } = found;
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
    const [top = '', file, ...more] = key.split('/', 3);
    if (/\.dist-info$/i.test(top) && !this.distInfos.has(top)) this.distInfos.set(top, entry);
    if (entry.typeflag !== Typeflag.File) return undefined;
    // Read the files of the first such folder: a wheel with a second one is rejected.
    const [first] = this.distInfos.keys();
    const name =
      more.length === 0 && top === first ? READ.find((name) => name === file) : undefined;
    const body = new HashedBody(entry, {
      keep: name !== undefined && entry.size <= this.#capOf(name),
      algorithm: 'sha256',
    });
    this.#bodies.set(entry.path, body);
    if (name !== undefined) this.#read.set(name, body);
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

  #contentOf<T>(name: ReadName, read: (bytes: Buffer) => T): ReadFile<T> | undefined {
    const body = this.#read.get(name);
    if (body === undefined) return undefined;
    const bytes = body.whole();
    return { entry: body.entry, content: bytes && read(bytes) };
  }
}
