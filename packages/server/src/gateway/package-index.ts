/* Remembers versions separately for each reader, so that no reader learns of another one's private packages or tarball addresses. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface VersionEntry {
  readonly name: string;
  readonly version: string;
  /** Address at the upstream, as its packument has it. */
  readonly tarball: string;
  /** Subresource Integrity, as the packument has it. */
  readonly integrity?: string;
}

/** The name of a reader: anonymous, or a digest of the credentials. Ask the upstream, which knows the credentials that the registry gets. */
export function readerOf({ authorization }: IncomingHttpHeaders): string {
  if (authorization === undefined) return '';
  return createHash('sha256').update(authorization).digest('base64');
}

/** The most versions that are kept: some 250 bytes each. A long address or digest counts as several. */
const VERSIONS_MAX = 200_000;

/** The document that a package's entries come from. */
export interface IndexedDocument {
  /** Names a document that the cache has. */
  readonly id: string | undefined;
  /** Until when the entries hold, in milliseconds of `performance.now()`. */
  readonly until: number;
}

/** A gateway without a cache asks the registry for each archive, so entries do not get too old. */
const UNCACHED: IndexedDocument = { id: undefined, until: Number.POSITIVE_INFINITY };

interface Indexed<Entry> {
  readonly byFile: ReadonlyMap<string, Entry>;
  readonly count: number;
  document: IndexedDocument;
}

/** The packages that were requested last. */
export class PackageIndex<Entry = VersionEntry> {
  readonly #packages = new Map<string, Indexed<Entry>>();
  #versions = 0;

  set(
    reader: string,
    name: string,
    byFile: ReadonlyMap<string, Entry>,
    { id, until }: IndexedDocument = UNCACHED,
  ): void {
    const key = keyOf(reader, name);
    this.#delete(key);
    // A package without versions takes memory, too.
    let count = 1;
    for (const entry of byFile.values()) count += weightOf(entry);
    this.#packages.set(key, { byFile, count, document: { id, until } });
    this.#versions += count;
    for (const oldest of this.#packages.keys()) {
      if (this.#versions <= VERSIONS_MAX || oldest === key) break;
      this.#delete(oldest);
    }
  }

  find(reader: string, name: string, file: string): Entry | undefined {
    const key = keyOf(reader, name);
    const found = this.#packages.get(key);
    if (found === undefined || found.document.until < performance.now()) return undefined;
    this.#packages.delete(key);
    this.#packages.set(key, found);
    return found.byFile.get(file);
  }

  /** Whether the entries come from this document. They then hold for longer, and the document need not be read again. */
  renew(reader: string, name: string, { id, until }: IndexedDocument): boolean {
    const found = this.#packages.get(keyOf(reader, name));
    if (found === undefined || id === undefined || found.document.id !== id) return false;
    found.document = { id, until };
    return true;
  }

  delete(reader: string, name: string): void {
    this.#delete(keyOf(reader, name));
  }

  #delete(key: string): void {
    this.#versions -= this.#packages.get(key)?.count ?? 0;
    this.#packages.delete(key);
  }
}

function keyOf(reader: string, name: string): string {
  return `${name} ${reader}`;
}

function weightOf(entry: unknown): number {
  let characters = 0;
  for (const value of Object.values(entry as object))
    if (typeof value === 'string') characters += value.length;
  return 1 + Math.floor(characters / 512);
}
