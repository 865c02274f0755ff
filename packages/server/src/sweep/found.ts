/* Finds the archives of a task: in a document of the registry, or in a folder in which verdaccio stores them. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRecord } from '@tarwarden/core/metadata';
import { isMissing, readBounded } from '@tarwarden/host';
import { SweepFailure, type FailureKind } from './failure.ts';
import type { LedgerFailure } from './result.ts';
import { itemOf } from './tasks.ts';
import { DOCUMENT_BYTES_MAX } from './upstream.ts';
import { wantedIn, type SweptPackument, type SweptArchive } from './wanted.ts';

/** An archive, or a document, that could not be inspected. */
export interface Failed extends LedgerFailure {
  readonly kind: FailureKind;
}

/** The archives of a task. */
export interface FoundArchives {
  readonly wanted: readonly SweptArchive[];
  readonly failed: readonly Failed[];
}

/** The archives that a document of a registry names. */
export function foundIn(document: SweptPackument, name: string): FoundArchives {
  const { wanted, without, more } = wantedIn(document, name);
  const reason = 'the registry has no address for it';
  const failed = without.map((item): Failed => ({ item, reason, kind: 'document' }));
  if (more > 0)
    failed.push({ item: itemOf(name), reason: `it has ${more} more versions`, kind: 'too-long' });
  return { wanted, failed };
}

/** The archives of a package that verdaccio has stored: files of versions, and files without a version, which it also serves. */
export async function storedVersions(folder: string, name: string): Promise<FoundArchives> {
  const own = join(folder, name);
  const files = (await readdir(own)).filter((file) => file.endsWith('.tgz'));
  const document = storedDocument(join(own, 'package.json'));
  const { wanted } = wantedIn(isRecord(document) ? document : {}, name);
  const stored = new Set(files);
  const left = new Set(files);
  const named = wanted.flatMap((archive) => {
    const file = 'address' in archive.at ? fileIn(archive.at.address) : '';
    // Several versions may share one file.
    left.delete(file);
    return stored.has(file) ? [{ ...archive, at: { file: join(name, file) } }] : [];
  });
  return {
    wanted: [...named, ...[...left].map((file) => unnamedFile(join(name, file)))],
    failed: [],
  };
}

/** @throws SweepFailure */
function storedDocument(file: string): unknown {
  try {
    const { bytes } = readBounded(file, { bytesMax: DOCUMENT_BYTES_MAX, follow: false });
    return JSON.parse(bytes?.toString('utf8') ?? '{}') as unknown;
  } catch (cause) {
    if (isMissing(cause)) return {};
    throw new SweepFailure('its package.json cannot be read', true, { kind: 'document', cause });
  }
}

function fileIn(address: string): string {
  try {
    return basename(decodeURIComponent(new URL(address).pathname));
  } catch {
    return '';
  }
}

const UNNAMED = { published: null, packer: 'unknown' };

export function unnamedFile(file: string): SweptArchive {
  return { item: itemOf(file), at: { file }, ...UNNAMED };
}

export function unnamedAddress(address: string): SweptArchive {
  return { item: itemOf(address), at: { address }, ...UNNAMED };
}
