/*
 * Reads what a client publishes. A registry may read JSON in another way than we do, and then find things that were not inspected. So the
 * gateway writes the publication anew from what it has read.
 */
import { createHash } from 'node:crypto';
import { hasIntegrity } from '@tarwarden/host';
import { GatewayAnswer } from './answers.ts';
import { jsonValue } from './json.ts';
import { fileNameOf } from './paths.ts';
import { hasTarHeader } from './readable-archive.ts';

type Fields = Record<string, unknown>;

export interface Publication {
  /** The tarball, if it brings one. */
  readonly archive: { readonly bytes: Buffer; readonly version: string } | undefined;
  /** As it is passed on. */
  readonly body: Buffer;
}

/** Keys that a registry may read without minding capitals, as Go does. */
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
/** Values in one. Base64 has none. */
const LIMIT = { valuesMax: 1_000_000, status: 413 };
const STUB_KEYS = new Set(['stub', 'digest', 'length', 'revpos', 'content_type']);

/**
 * @param upstream Address of the registry, without a slash at its end.
 * @throws GatewayAnswer for what registries could read in several ways.
 */
export function publicationIn(
  body: Buffer,
  { name, upstream }: { readonly name: string; readonly upstream: string },
): Publication {
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
  const [one, ...others] = versions;
  if (one === undefined || others.length > 0)
    throw wrong(`it brings a tarball, and ${one === undefined ? 'no' : 'several'} versions`);
  const [version, manifest] = one;
  const dist = ((manifest as Fields)['dist'] ??= {}) as Fields;
  if (!isPromised(archive.bytes, dist))
    throw wrong(`${archive.file} is not what its version's dist promises`);
  // Clients write the address of whom they publish to: some registries keep it.
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

/** The bytes of an attachment that may be an archive, which is written anew in it. Undefined for what is none. */
function attached(file: string, value: unknown): Buffer | undefined {
  const attachment = fieldsIn(value, `the attachment ${file}`);
  const { data } = attachment;
  if (data === undefined && attachment['stub'] === true) {
    // The registry has it: there are no bytes, under whatever key.
    if (Object.keys(attachment).every((key) => STUB_KEYS.has(key))) return undefined;
  }
  if (typeof data !== 'string') throw wrong(`the attachment ${file} has no data`);
  const bytes = Buffer.from(data, 'base64');
  // Not every reader skips what is not base64, or ends at its end.
  attachment['data'] = bytes.toString('base64');
  attachment['length'] = bytes.length;
  // npm adds what Sigstore signed. A registry may take whatever is attached first for the tarball.
  const type = String(attachment['content_type']);
  const isBundle = file.endsWith('.sigstore') && type.includes('sigstore');
  const isJson = isBundle && jsonValue(bytes, LIMIT) !== undefined;
  return isJson && !hasTarHeader(bytes) ? undefined : bytes;
}

/** The digests that clients will compare with. The registry computes an absent one. */
function isPromised(bytes: Buffer, { integrity, shasum }: Fields): boolean {
  if (integrity !== undefined && !(typeof integrity === 'string' && hasIntegrity(bytes, integrity)))
    return false;
  return shasum === undefined || createHash('sha1').update(bytes).digest('hex') === shasum;
}

function fieldsIn(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`${what} is not a JSON object`);
  for (const key of Object.keys(value)) {
    // A copy of it may have what is in there as if it were its own.
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
