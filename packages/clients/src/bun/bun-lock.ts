/* Reads bun.lock: JSON with trailing commas. The items of an entry depend on the source of the package. */
import { getNodeValue } from 'jsonc-parser';
import type { ClaimKind, NpmClaim } from '@tarwarden/core/metadata';
import type { Collector } from '../lockfile/collector.ts';
import { sriOf } from '../lockfile/integrity.ts';
import {
  JsonReader,
  jsonText,
  rangesIn,
  type JsonField,
  type Fields,
  type Node,
} from '../lockfile/json-tree.ts';
import type { LineIndex } from '../lockfile/lines.ts';
import type { Integrity, LockedPackage, PackageSource, Platforms } from '../lockfile/lockfile.ts';
import { gitSource, isArchivePath, isGitSpec, isHttp, splitSpec } from '../lockfile/specs.ts';

const KNOWN = ['1', '2'];

/** `name` for most packages, or `owner/name` if the owner needs another version. */
const NESTED = /^(?:((?:@[^/]+\/)?[^/@][^/]*)\/)?((?:@[^/]+\/)?[^/@][^/]*)$/;

export function readBunLock(text: string, to: Collector, lines: LineIndex): string {
  const json = new JsonReader(to, lines);
  const root = json.document(text, { relaxed: true });
  if (root === undefined) return '';
  const field = root.get('lockfileVersion');
  const version = String(field?.value.value ?? '');
  if (!KNOWN.includes(version)) {
    to.problem(field?.line ?? 1, 'it has an unknown lockfileVersion; 1 and 2 are known');
    return version;
  }
  const importers = importersOf(json, root.get('workspaces')?.value);
  for (const { folder } of importers.values()) to.importers.add(folder);
  for (const [key, entry] of json.fields(root.get('packages')?.value)) {
    const added = readEntry(key, entry, { json, to });
    const [, owner = '', name = ''] = NESTED.exec(key) ?? [];
    const importer = importers.get(owner);
    if (importer === undefined) continue;
    const { folder, ranges } = importer;
    const range = ranges.get(name);
    to.resolve({
      importer: folder,
      name,
      ...(range !== undefined && { range }),
      line: entry.line,
      to: added,
    });
  }
  return version;
}

interface Importer {
  readonly folder: string;
  readonly ranges: ReadonlyMap<string, string>;
}

/** The packages of the project by folder. The folder of the root is an empty text. */
function importersOf(json: JsonReader, workspaces: Node | undefined): Map<string, Importer> {
  const importers = new Map<string, Importer>();
  for (const [folder, { value }] of json.fields(workspaces)) {
    const fields = json.fields(value);
    const name = folder === '' ? '' : (jsonText(fields.get('name')) ?? folder);
    importers.set(name, { folder, ranges: rangesIn(json, fields) });
  }
  return importers;
}

/**
 * `[id, registry, info, integrity]` for a registry's package, `[id, info, integrity?]` for an archive, `[id, info, tag, …]` for
 * git, `[id, …]` for folders. The registry is empty for the default one, and else an address.
 */
function readEntry(
  key: string,
  { line, value }: JsonField,
  { json, to }: { readonly json: JsonReader; readonly to: Collector },
): LockedPackage | undefined {
  const items: unknown[] = (value.children ?? []).map((child) => child.value as unknown);
  const spec = typeof items[0] === 'string' ? splitSpec(items[0]) : undefined;
  const source = value.type === 'array' && spec ? sourceOf(spec.reference, items[1]) : undefined;
  if (spec === undefined || source === undefined) {
    to.unread(line, key, 'is not one that is known');
    return undefined;
  }
  const integrity = integrityIn(source, items);
  const platforms =
    source.type === 'registry' ? platformsOf(json.fields(value.children?.[2])) : undefined;
  const locked: LockedPackage = {
    ecosystem: 'npm',
    name: spec.name,
    version: source.type === 'registry' ? spec.reference : '',
    source,
    ...(integrity !== undefined && { integrity }),
    line,
    key,
    ...(platforms !== undefined && { platforms }),
    ...(source.type === 'registry' && { claim: bunClaim(spec.name, infoOf(value.children?.[2])) }),
  };
  return to.add(locked);
}

function infoOf(node: Node | undefined): Readonly<Record<string, unknown>> {
  return node?.type === 'object' ? (getNodeValue(node) as Record<string, unknown>) : {};
}

function platformsOf(info: Fields): Platforms | undefined {
  const [os, cpu] = ['os', 'cpu'].map((name) => plainNames(info.get(name)?.value));
  if (os === undefined && cpu === undefined) return undefined;
  return { ...(os && { os }), ...(cpu && { cpu }) };
}

/** A name or a list of names. A name that excludes (`!win32`), or means all, counts as no restriction. */
function plainNames(node: Node | undefined): readonly string[] | undefined {
  const nodes = node?.type === 'array' ? (node.children ?? []) : node === undefined ? [] : [node];
  const names = nodes.map(({ value }) => value as unknown);
  const isPlain = (item: unknown): item is string =>
    typeof item === 'string' && /^[a-z0-9]+$/.test(item) && item !== 'any' && item !== 'all';
  return names.length > 0 && names.every(isPlain) ? names : undefined;
}

function integrityIn({ type }: PackageSource, items: readonly unknown[]): Integrity | undefined {
  const at = { registry: 3, url: 2, file: 2 }[type as string];
  const text = at === undefined ? undefined : items[at];
  return typeof text === 'string' ? sriOf(text) : undefined;
}

function sourceOf(reference: string, second: unknown): PackageSource | undefined {
  const [, protocol = ''] = /^([a-z]+):/.exec(reference) ?? [];
  if (protocol === 'workspace')
    return { type: 'workspace', path: reference.slice('workspace:'.length) };
  if (protocol === 'root') return { type: 'workspace', path: '' };
  if (isGitSpec(reference)) return gitSource(reference);
  if (isHttp(reference)) return { type: 'url', url: reference };
  if (protocol === 'link' || protocol === 'symlink')
    return { type: 'folder', path: reference.slice(protocol.length + 1) };
  if (/^\d[\w.+-]*$/.test(reference) && typeof second === 'string') {
    const isTarball = isHttp(second) && isArchivePath(second);
    return { type: 'registry', ...(isTarball && { url: second }) };
  }
  const path = reference.replace(/^file:/, '');
  if (isArchivePath(path)) return { type: 'file', path };
  return protocol === 'file' ? { type: 'folder', path } : undefined;
}

/**
 * bun.lock has the dependencies and commands of an entry in an object. A command of the package's own name is a text. bun writes `none`
 * for a platform that it does not know, such as `riscv64`. Such an entry does not show the platform.
 */
function bunClaim(name: string, info: Readonly<Record<string, unknown>>): NpmClaim {
  const isUnknown = info['os'] === 'none' || info['cpu'] === 'none';
  const shows = isUnknown ? OF_BUN_ELSEWHERE : OF_BUN;
  return { ecosystem: 'npm', by: 'lockfile', document: { name, ...info }, shows };
}

const OF_BUN_ELSEWHERE: ReadonlySet<ClaimKind> = new Set<ClaimKind>(['dependencies', 'bin']);
const OF_BUN: ReadonlySet<ClaimKind> = new Set<ClaimKind>([...OF_BUN_ELSEWHERE, 'platform']);
