/* Reads yarn.lock of Yarn 2 and newer. It is YAML, with checksums of the zips that Yarn makes. */
import { yarnPackageClaim, type NpmClaim } from '@tarwarden/core/metadata';
import { decodedUrl } from '@tarwarden/core/text';
import type { Collector } from '../lockfile/collector.ts';
import { sriOfHex } from '../lockfile/integrity.ts';
import type { LineIndex } from '../lockfile/lines.ts';
import type { Integrity, LockedPackage, PackageSource } from '../lockfile/lockfile.ts';
import { diskSource, gitSource, isGitSpec, isHttp, splitSpec } from '../lockfile/specs.ts';
import {
  isMapping,
  mappingField,
  textField,
  yamlDocuments,
  type Mapping,
} from '../lockfile/yaml-documents.ts';

/** Yarn 2 wrote 4, Yarn 3 wrote 4 to 6, Yarn 4 writes 8 and 10. Release candidates wrote 7 and 9. */
const KNOWN = /^(?:[4-9]|10)$/;

export function readYarnBerry(text: string, to: Collector, lines: LineIndex): string {
  const [document = {}, ...otherDocuments] = yamlDocuments(text, to);
  if (otherDocuments.length > 0) to.problem(1, 'it holds more than one document');
  const metadata = mappingField(document, '__metadata');
  const version = textField(metadata, 'version') ?? '';
  if (!KNOWN.test(version)) {
    if (to.problems.length === 0)
      to.problem(1, 'it has an unknown `__metadata.version`; 4 to 10 are known');
    return version;
  }
  const keys = lines.ofKeys(0);
  const cacheKey = textField(metadata, 'cacheKey') ?? '';
  const resolutions = new Set(
    Object.values(document).map((entry) =>
      isMapping(entry) ? textField(entry, 'resolution') : '',
    ),
  );
  for (const [key, entry] of Object.entries(document)) {
    if (key === '__metadata') continue;
    const line = keys.get(key) ?? 1;
    if (isMapping(entry)) readEntry({ key, line, entry, cacheKey, resolutions }, to);
    else to.unread(line, key, 'is not a mapping');
  }
  return version;
}

interface BerryEntry {
  readonly key: string;
  readonly line: number;
  readonly entry: Mapping;
  readonly cacheKey: string;
  /** The resolutions of all entries. */
  readonly resolutions: ReadonlySet<string | undefined>;
}

function readEntry({ key, line, entry, cacheKey, resolutions }: BerryEntry, to: Collector): void {
  const resolution = splitSpec(textField(entry, 'resolution') ?? '');
  const source = resolution === undefined ? undefined : sourceOf(resolution.reference);
  if (resolution === undefined || source === undefined) {
    to.unread(line, key, 'has a resolution that is not known');
    return;
  }
  if (source.type === 'patch' && !resolutions.has(source.of))
    to.unread(line, key, 'is a patch of what has no entry of its own');
  const checksum = textField(entry, 'checksum');
  const integrity = checksum === undefined ? undefined : checksumOf(checksum, cacheKey);
  if (checksum !== undefined && integrity === undefined)
    to.unread(line, key, 'has a checksum that is not known');
  const npm = /^npm:([^:]+)/.exec(resolution.reference)?.[1];
  const locked: LockedPackage = {
    ecosystem: 'npm',
    name: resolution.name,
    version: npm ?? textField(entry, 'version') ?? '',
    source,
    ...(integrity !== undefined && { integrity }),
    ...(textField(entry, 'conditions') !== undefined && { conditional: true }),
    line,
    key,
    ...(source.type === 'registry' && { claim: berryClaim(entry) }),
  };
  const added = to.add(locked);
  if (source.type === 'workspace') to.importers.add(source.path === '.' ? '' : source.path);
  for (const { name, reference: range } of descriptorsOf(key))
    to.resolve({ name, range, line, to: added });
}

/** Splits `a@npm:^1.0.0, a@npm:^1.2.0`. A part that is no descriptor belongs to the range before it, which has a comma. */
function descriptorsOf(key: string): { name: string; reference: string }[] {
  return key
    .split(/, (?=(?:@[^@/,]+\/)?[^@/,]+@)/)
    .flatMap((descriptor) => splitSpec(descriptor) ?? []);
}

/** Reads `10c0/<hex>`, or the hex alone if the key of the cache is in `__metadata`. */
function checksumOf(checksum: string, ownKey: string): Integrity | undefined {
  const [, cacheKey = ownKey, hex = ''] = /^(?:([0-9a-z]+)\/)?([0-9a-f]+)$/.exec(checksum) ?? [];
  return hex.length === 128 && sriOfHex('sha512', hex) !== undefined
    ? { type: 'yarn-zip', sha512: hex, cacheKey }
    : undefined;
}

function sourceOf(reference: string): PackageSource | undefined {
  const [, protocol = '', selector = ''] = /^([a-z]+):([^]*)$/.exec(reference) ?? [];
  switch (protocol) {
    case 'npm':
      return registryOf(selector);
    case 'workspace':
      return { type: 'workspace', path: selector };
    case 'link':
    case 'portal':
      return { type: 'folder', path: unboundPath(selector) };
    case 'patch':
      return { type: 'patch', of: decodedUrl(selector.replace(/#.*$/s, '')) };
    case 'file':
      return diskSource(unboundPath(selector));
    default:
      if (isGitSpec(reference)) return gitSource(reference);
      return isHttp(reference) ? { type: 'url', url: reference.replace(/::.*$/s, '') } : undefined;
  }
}

/** The address that Yarn binds after the version, as a query. Other spellings of such a query are not read, because Yarn does not write them. */
function registryOf(selector: string): PackageSource | undefined {
  const start = selector.indexOf('::');
  if (start < 0) return { type: 'registry' };
  const archive = /^__archiveUrl=([^&#+]+)$/.exec(selector.slice(start + 2))?.[1];
  return archive === undefined ? undefined : { type: 'registry', url: decodedUrl(archive) };
}

/** The reference without the parameters that Yarn binds to it: `#./file::hash=…&locator=…`. */
function unboundPath(text: string): string {
  return decodedUrl(text.replace(/(?:#|::).*$/s, ''));
}

/** An entry of yarn.lock of later versions, which also has commands and peers. */
function berryClaim(entry: Mapping): NpmClaim {
  const claim = yarnPackageClaim({
    dependencies: textsIn(entry, 'dependencies'),
    peerDependencies: textsIn(entry, 'peerDependencies'),
    optional: optionalIn(entry, 'dependenciesMeta'),
    optionalPeers: optionalIn(entry, 'peerDependenciesMeta'),
    bin: mappingField(entry, 'bin'),
  });
  return { ...claim, by: 'lockfile' };
}

function textsIn(entry: Mapping, field: string): Record<string, string> {
  const entries = Object.entries(mappingField(entry, field));
  return Object.fromEntries(
    entries.filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function optionalIn(entry: Mapping, field: string): string[] {
  return Object.entries(mappingField(entry, field)).flatMap(([name, meta]) =>
    isMapping(meta) && meta['optional'] === 'true' ? [name] : [],
  );
}
