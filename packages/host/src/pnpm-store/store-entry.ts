/* Reads the entry of one package in pnpm's index: JSON in pnpm 10, MessagePack in pnpm 11 and 12. */
import type { UnpackedFile, UnpackedFiles } from '@tarwarden/core/trees';
import { decodeIndexValue, type IndexValue } from './index-values.ts';
import { unreadableIndex } from './unreadable-store.ts';

export type EntryFormat = 'json' | 'msgpack';

export interface StoreEntry {
  /** pnpm 10 has a name and a version here, pnpm 11 and 12 have parts of package.json. */
  readonly manifest: ReadonlyMap<string, IndexValue>;
  /** A file has an empty text as its hash if the index has a hash of another kind, which no archive has. */
  readonly files: UnpackedFiles;
  /** The keys under which the entry has files that build scripts made. */
  readonly builds: readonly string[];
  /** SHA-512 of the tar in the archive, in the form of an integrity. Only pnpm 12 writes it. */
  readonly tarIntegrity?: string;
}

const SHA512_HEX = /^[0-9a-f]{128}$/;
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** @throws UnreadableStoreError */
export function storeEntryOf(data: Uint8Array, format: EntryFormat): StoreEntry {
  const row = mapOf(format === 'json' ? jsonValue(data) : decodeIndexValue(data));
  const fields =
    format === 'json' ? new Map([...row].filter(([key]) => NAMES.has(key))) : undefined;
  if (format === 'msgpack' && row.get('algo') !== 'sha512')
    throw unreadableIndex('an entry has hashes of another kind');
  const files = new Map<string, UnpackedFile>();
  for (const [path, value] of mapOf(row.get('files'))) files.set(path, fileOf(value, format));
  const tar = row.get('tarIntegrity');
  return {
    manifest: fields ?? mapOf(row.get('manifest') ?? undefined),
    files,
    builds: [...mapOf(row.get('sideEffects') ?? undefined).keys()],
    ...(typeof tar === 'string' && { tarIntegrity: tar }),
  };
}

const NAMES: ReadonlySet<string> = new Set(['name', 'version']);

function fileOf(value: IndexValue, format: EntryFormat): UnpackedFile {
  const file = mapOf(value);
  const hash = file.get(format === 'json' ? 'integrity' : 'digest');
  const mode = file.get('mode');
  if (typeof hash !== 'string' || typeof mode !== 'number' || !Number.isInteger(mode))
    throw unreadableIndex('an entry has a file without a hash or a mode');
  return { sha512: hexOf(hash, format), executable: (mode & 0o111) !== 0 };
}

function hexOf(hash: string, format: EntryFormat): string {
  if (format === 'msgpack') return SHA512_HEX.test(hash) ? hash : '';
  if (!SHA512.test(hash)) return '';
  const bytes = Buffer.from(hash.slice('sha512-'.length), 'base64');
  return `sha512-${bytes.toString('base64')}` === hash ? bytes.toString('hex') : '';
}

function jsonValue(data: Uint8Array): IndexValue {
  try {
    return indexValue(JSON.parse(Buffer.from(data).toString('utf8')));
  } catch (error) {
    throw unreadableIndex(`an entry is not JSON: ${String(error)}`);
  }
}

/** A value of JSON, with maps in place of its objects. */
export function indexValue(json: unknown): IndexValue {
  if (Array.isArray(json)) return json.map(indexValue);
  if (typeof json !== 'object' || json === null) return json as IndexValue;
  return new Map(Object.entries(json).map(([key, value]) => [key, indexValue(value)]));
}

const NOTHING: ReadonlyMap<string, IndexValue> = new Map();

function mapOf(value: IndexValue): ReadonlyMap<string, IndexValue> {
  if (value === undefined) return NOTHING;
  if (!(value instanceof Map)) throw unreadableIndex('an entry has another form');
  return value;
}
