/* Reads package-lock.json and npm-shrinkwrap.json, versions 1 to 3. */
import { lockedClaim } from '@tarwarden/core/metadata';
import { getNodeValue, type Node } from 'jsonc-parser';
import type { Collector } from '../lockfile/collector.ts';
import { sriOf } from '../lockfile/integrity.ts';
import {
  isTrue,
  isTruthy,
  JsonReader,
  jsonText,
  rangesIn,
  type Fields,
} from '../lockfile/json-tree.ts';
import type { LineIndex } from '../lockfile/lines.ts';
import type { LockedPackage, PackageSource } from '../lockfile/lockfile.ts';
import { diskSource, gitSource, isGitSpec, isHttp } from '../lockfile/specs.ts';
import { bundledIn, isWithoutAddress } from './bundled.ts';

const VERSIONS = ['1', '2', '3'];

const MODULES = 'node_modules/';

/** npm takes any value that is not false for true, and reads the entry as a manifest too. */
const SHRINKWRAP = ['hasShrinkwrap', '_hasShrinkwrap'];

/**
 * Reads `packages`, which npm 7 and newer use, and `dependencies`, which npm 6 uses. A file may have both, and some version of npm
 * installs the packages of each.
 */
export function readPackageLock(text: string, to: Collector, lines: LineIndex): string {
  const json = new JsonReader(to, lines);
  const root = json.document(text, { relaxed: false });
  if (root === undefined) return '';
  const version = String(root.get('lockfileVersion')?.value.value ?? '');
  if (!VERSIONS.includes(version)) {
    to.problem(root.get('lockfileVersion')?.line ?? 1, unknownVersion(version));
    return version;
  }
  readPackages(json, json.fields(root.get('packages')?.value), to);
  to.importers.add('');
  readDependencies(json, root, to);
  return version;
}

function unknownVersion(version: string): string {
  const knownVersions = 'lockfileVersion 1, 2 and 3 are known';
  return version === ''
    ? `it has no lockfileVersion; ${knownVersions}`
    : `it has another version; ${knownVersions}`;
}

function readPackages(json: JsonReader, packages: Fields, to: Collector): void {
  const entries = [...packages].map(([path, { line, value }]) => ({
    path,
    line,
    value,
    fields: json.fields(value),
  }));
  const declared = new Map(
    entries.filter(isProject).map(({ path, fields }) => [path, rangesIn(json, fields)]),
  );
  const ranges = [...declared.values()].flatMap((byName) => [...byName.values()]);
  const requestedUrls = new Set(ranges.filter(isHttp));
  for (const importer of declared.keys()) to.importers.add(importer);
  const showsScripts = entries.some(({ fields }) => isTrue(fields.get('hasInstallScript')));
  const bundled = bundledIn(json, new Map(entries.map(({ path, fields }) => [path, fields])));
  for (const { path, line, value, fields } of entries) {
    if (path === '') continue;
    if (value.type !== 'object') {
      to.unread(line, path, 'is not an object');
      continue;
    }
    const at = path.lastIndexOf(MODULES);
    const name = jsonText(fields.get('name')) ?? (at < 0 ? '' : path.slice(at + MODULES.length));
    const brings = bundled.foldersByOwner.get(path);
    const base = {
      ecosystem: 'npm',
      name,
      version: jsonText(fields.get('version')) ?? '',
      line,
      key: path,
      ...(SHRINKWRAP.some((key) => isTruthy(fields.get(key))) && { hasShrinkwrap: true as const }),
      ...(brings !== undefined && { brings }),
    } as const;
    const resolved = jsonText(fields.get('resolved'));
    if (at < 0) {
      to.add({ ...base, source: { type: 'workspace', path } });
      continue;
    }
    const added = isTrue(fields.get('link'))
      ? to.add({ ...base, source: { type: 'folder', path: resolved ?? '' } })
      : bundled.paths.has(path)
        ? to.add({ ...base, source: { type: 'bundled' } })
        : add(
            { ...base, claim: lockedClaim(claimedFields(value), showsScripts) },
            resolved,
            fields,
            { requestedUrls, to },
          );
    const importer = path.slice(0, at).replace(/\/$/, '');
    if (importer.includes(MODULES)) continue;
    const asName = path.slice(at + MODULES.length);
    const range = declared.get(importer)?.get(asName);
    to.resolve({ importer, name: asName, ...(range !== undefined && { range }), line, to: added });
  }
}

/** The fields that repeat the package's own statements. The others say where npm puts it. */
const CLAIMED = (
  'dependencies optionalDependencies peerDependencies peerDependenciesMeta ' +
  'bundleDependencies bin hasInstallScript os cpu libc engines'
).split(' ');

function claimedFields(node: Node): Readonly<Record<string, unknown>> {
  const entry = getNodeValue(node) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    CLAIMED.flatMap((name) => (Object.hasOwn(entry, name) ? [[name, entry[name]]] : [])),
  );
}

/** The project itself, or a folder of it, which is not installed. */
function isProject({ path }: { readonly path: string }): boolean {
  return !path.includes(MODULES);
}

interface Nested {
  readonly path: string;
  readonly fields: Fields;
}

function readDependencies(json: JsonReader, root: Fields, to: Collector): void {
  // A stack in place of recursion, because the file decides how deep its dependencies nest.
  const pending: Nested[] = [{ path: '', fields: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, fields } = next;
    for (const [name, { line, value }] of json.fields(fields.get('dependencies')?.value)) {
      const key = `${path}${MODULES}${name}`;
      if (value.type !== 'object') {
        to.unread(line, key, 'is not an object');
        continue;
      }
      const inner = json.fields(value);
      pending.push({ path: `${key}/`, fields: inner });
      const isBrought = path !== '' && isMarked(inner);
      const brings = isBrought ? [] : broughtBelow(json, inner, '');
      const added = readDependency({ name, key, line, fields: inner, isBrought, brings }, to);
      if (path === '') to.resolve({ importer: '', name, line, to: added });
    }
  }
}

function isMarked(fields: Fields): boolean {
  return isTrue(fields.get('bundled')) && isWithoutAddress(fields);
}

/** The folders in the archive that contain other packages, according to the lockfile. */
function broughtBelow(json: JsonReader, fields: Fields, folder: string): string[] {
  return [...json.fields(fields.get('dependencies')?.value)].flatMap(([name, { value }]) => {
    const inner = json.fields(value);
    const path = `${folder}${MODULES}${name}`;
    return isMarked(inner) ? [path, ...broughtBelow(json, inner, `${path}/`)] : [];
  });
}

interface Dependency {
  readonly name: string;
  readonly key: string;
  readonly line: number;
  readonly fields: Fields;
  readonly isBrought: boolean;
  readonly brings: readonly string[];
}

/** In version 1, `version` is a version, an alias (`npm:other@1.0.0`), or a source. */
function readDependency(
  { name, key, line, fields, isBrought, brings }: Dependency,
  to: Collector,
): LockedPackage | undefined {
  const version = jsonText(fields.get('version')) ?? '';
  const resolved = jsonText(fields.get('resolved'));
  const identity = { ecosystem: 'npm', name, version, line, key } as const;
  if (isBrought) return to.add({ ...identity, source: { type: 'bundled' } });
  const base = brings.length === 0 ? identity : { ...identity, brings };
  const [, real, exact] = /^npm:(.+)@([^@]+)$/.exec(version) ?? [];
  if (real !== undefined && exact !== undefined)
    return add({ ...base, name: real, version: exact }, resolved, fields, { to });
  if (!isHttp(version) && !isGitSpec(version) && !version.startsWith('file:'))
    return add(base, resolved, fields, { to });
  const requestedUrls = new Set([version]);
  return add({ ...base, version: '' }, version, fields, { requestedUrls, to });
}

function add(
  base: Omit<LockedPackage, 'source'>,
  resolved: string | undefined,
  fields: Fields,
  { requestedUrls, to }: { requestedUrls?: ReadonlySet<string>; to: Collector },
): LockedPackage | undefined {
  const source = sourceOf(resolved, requestedUrls);
  if (source === undefined) {
    to.unread(base.line, base.key, 'comes from where it cannot be read');
    return undefined;
  }
  const integrity = sriOf(jsonText(fields.get('integrity')) ?? '');
  return to.add({ ...base, source, ...(integrity !== undefined && { integrity }) });
}

function sourceOf(
  resolved: string | undefined,
  requestedUrls: ReadonlySet<string> | undefined,
): PackageSource | undefined {
  if (resolved === undefined) return { type: 'registry' };
  if (isGitSpec(resolved)) return gitSource(resolved);
  if (isHttp(resolved))
    return { type: requestedUrls?.has(resolved) ? 'url' : 'registry', url: resolved };
  return resolved.startsWith('file:') ? diskSource(resolved.slice('file:'.length)) : undefined;
}
