/* Reads a registry's document about a package, and writes the document for clients. The gateway does this in a thread for a long document. */
import { GatewayAnswer } from './answers.ts';
import { notArchive, jsonValue } from './json.ts';
import { isVersion } from './paths.ts';
import type { VersionEntry } from './package-index.ts';
import {
  isManifest,
  packumentEntries,
  packumentIn,
  rewriteManifest,
  rewritePackument,
  withoutVersions,
  type Packument,
  type RewriteOptions,
} from './packument.ts';

/** The most values in a document. One of 100 MB has 4 million. */
const VALUES_MAX = 4_000_000;
/** The most versions in a document. */
const VERSIONS_MAX = 100_000;

export interface WriteOptions extends RewriteOptions {
  /** Versions to leave out. */
  readonly refused: readonly string[];
}

/** The entries that the gateway remembers from a document, by file name. */
export type PackumentEntries = ReadonlyMap<string, VersionEntry>;

export class PackumentWork {
  #document: Packument | undefined;

  /** @throws GatewayAnswer for bytes that are not a document, or for a document that is too large. */
  read(bytes: Buffer, name: string): PackumentEntries {
    const document = packumentIn(documentIn(bytes));
    if (Object.keys(document.versions).length > VERSIONS_MAX)
      throw new GatewayAnswer(502, `a document of more than ${VERSIONS_MAX} versions`);
    this.#document = document;
    return packumentEntries(document, name);
  }

  /** The document for clients. @throws GatewayRefusal for one that can be read as an archive. */
  write({ refused, ...options }: WriteOptions): Buffer {
    const document = this.#document!;
    const left = new Set(refused);
    if (left.size > 0) withoutVersions(document, (version) => left.has(version));
    rewritePackument(document, options);
    return writtenIn(document);
  }
}

export type ManifestOptions = RewriteOptions;

/** The manifest of a version for clients. @throws GatewayAnswer for bytes that are not a manifest. */
export function writtenManifest(bytes: Buffer, options: ManifestOptions): Buffer {
  const manifest = documentIn(bytes);
  if (!isManifest(manifest) || !isVersion(manifest.version))
    throw new GatewayAnswer(502, 'the registry sent no manifest');
  rewriteManifest(manifest, manifest.version, options);
  return writtenIn(manifest);
}

/** @throws GatewayAnswer for any other value than an object. */
function documentIn(bytes: Buffer): object {
  const value = jsonValue(bytes, { valuesMax: VALUES_MAX, status: 502 });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GatewayAnswer(502, 'the registry sent what is not a document');
  return value;
}

function writtenIn(document: object): Buffer {
  return notArchive(Buffer.from(JSON.stringify(document)));
}
