/* Reads a publication and writes it again: a registry that parses JSON differently must not find an uninspected archive in it. */
import { createHash } from 'node:crypto';
import { hasIntegrity } from '@tarwarden/guard';
import { GatewayAnswer } from './answers.ts';
import { jsonValue } from './json.ts';
import { fileNameOf } from './paths.ts';
import { hasTarHeader } from './readable-archive.ts';

type Fields = Record<string, unknown>;

export interface Publication {
  /** The tarball, if there is one. */
  readonly archive: { readonly bytes: Buffer; readonly version: string } | undefined;
  /** The body for the registry. */
  readonly body: Buffer;
}

/** Keys that a registry may match without regard to case, as Go does. */
const KEYS = new Set([
  '_attachments',
  'versions',
  'name',
  'version',
  'dist',
  'data',
  'content_type',
  'stub',
  'integrity',
  'shasum',
  'tarball',
]);
/** The most values in a publication. Base64 contains none. */
const LIMIT = { valuesMax: 1_000_000, status: 413 };
const STUB_KEYS = new Set(['stub', 'digest', 'length', 'revpos', 'content_type']);

export interface PublicationOptions {
  /** The package that the address names. */
  readonly name: string;
  /** Address of the registry, without a slash at its end. */
  readonly upstream: string;
}

/**
 * @throws GatewayAnswer for a publication that registries could read differently.
 */
export function publicationIn(body: Buffer, { name, upstream }: PublicationOptions): Publication {
  const document = fieldsIn(jsonValue(body, LIMIT), 'the publication');
  if (document['name'] !== undefined && document['name'] !== name)
    throw wrong('the publication is of another package than its address');
  const versions = Object.entries(fieldsIn(document['versions'] ?? {}, 'versions'));
  for (const [version, manifest] of versions) checkManifest(manifest, { name, version });
  const attachments = fieldsIn(document['_attachments'] ?? {}, '_attachments');
  const archives = Object.entries(attachments).flatMap(([file, attachment]) => {
    const bytes = attached(file, attachment);
    return bytes === undefined ? [] : [{ file, bytes }];
  });
  if (archives.length > 1) throw wrong('it brings several tarballs');
  const [archive] = archives;
  if (archive === undefined) return { archive: undefined, body: written(document) };
  const [only, ...others] = versions;
  if (only === undefined || others.length > 0)
    throw wrong(`it brings a tarball, and ${only === undefined ? 'no' : 'several'} versions`);
  const [version, manifest] = only;
  const dist = ((manifest as Fields)['dist'] ??= {}) as Fields;
  if (!isPromised(archive.bytes, dist))
    throw wrong(`${archive.file} is not what its version's dist promises`);
  // Clients write the address that they publish to, and some registries keep it.
  dist['tarball'] = `${upstream}/${name}/-/${fileNameOf(name, version)}`;
  return { archive: { bytes: archive.bytes, version }, body: written(document) };
}

function checkManifest(
  value: unknown,
  { name, version }: { readonly name: string; readonly version: string },
): void {
  const manifest = fieldsIn(value, `version ${version}`);
  if ((manifest['version'] ?? version) !== version || (manifest['name'] ?? name) !== name)
    throw wrong(`version ${version} says that it is another one`);
  if (manifest['dist'] !== undefined) fieldsIn(manifest['dist'], 'dist');
}

/** The bytes of an attachment that may be an archive, whose base64 is written again. Undefined if it is not one. */
function attached(file: string, value: unknown): Buffer | undefined {
  const attachment = fieldsIn(value, `the attachment ${file}`);
  const { data } = attachment;
  if (data === undefined && attachment['stub'] === true) {
    // A stub of a stored attachment contains no bytes under any key.
    if (Object.keys(attachment).every((key) => STUB_KEYS.has(key))) return undefined;
  }
  if (typeof data !== 'string') throw wrong(`the attachment ${file} has no data`);
  const bytes = Buffer.from(data, 'base64');
  // Some readers do not skip characters outside base64, or read past its end.
  attachment['data'] = bytes.toString('base64');
  attachment['length'] = bytes.length;
  // npm attaches Sigstore bundles. A registry may take the first attachment for the tarball.
  const type = String(attachment['content_type']);
  const isBundle = file.endsWith('.sigstore') && type.includes('sigstore');
  const isJson = isBundle && jsonValue(bytes, LIMIT) !== undefined;
  return isJson && !hasTarHeader(bytes) ? undefined : bytes;
}

/** Compares the digests that clients will check. The registry computes a digest that is absent. */
function isPromised(bytes: Buffer, { integrity, shasum }: Fields): boolean {
  if (integrity !== undefined && !(typeof integrity === 'string' && hasIntegrity(bytes, integrity)))
    return false;
  return shasum === undefined || createHash('sha1').update(bytes).digest('hex') === shasum;
}

function fieldsIn(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`${what} is not a JSON object`);
  for (const key of Object.keys(value)) {
    // A copy of the object could treat its fields as its own.
    if (key === '__proto__') throw wrong(`${what} has a key that is called __proto__`);
    const folded = key.normalize('NFKC').toLowerCase();
    if (folded !== key && KEYS.has(folded)) throw wrong(`${what} has "${key}" for "${folded}"`);
  }
  return value as Fields;
}

function written(document: Fields): Buffer {
  return Buffer.from(JSON.stringify(document));
}

function wrong(message: string): GatewayAnswer {
  return new GatewayAnswer(400, `tarwarden: ${message}`);
}
