/*
 * The statements of a package.json that a registry's document and a lockfile repeat. The same function reads all three, so that the
 * spellings that npm changes when it publishes (`bin` as a text, `./` in paths, `bundleDependencies: true`) compare as equal.
 */
import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type { Declared, DeclaredValue } from '../finding/declared.ts';
import { MAX_DECLARED_CHARS, MAX_DECLARED_SCRIPT_CHARS } from '../limits.ts';
import { settledPath } from '../tree/package-path.ts';
import { isRecord } from './manifest.ts';

/** The scripts that a client runs when it installs a package from a registry. */
export const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'] as const;

/** The script of a package that has a binding.gyp and names no script of its own. */
export const GYP_SCRIPT = 'node-gyp rebuild';

type Texts = Readonly<Record<string, string>>;
type Manifest = Readonly<Record<string, unknown>>;

/** The kinds of statements, in canonical form. Kinds without content are absent. */
export interface NpmDeclared extends Declared {
  readonly dependencies?: Texts | string;
  readonly optionalDependencies?: Texts | string;
  readonly peerDependencies?: Texts | string;
  readonly optionalPeers?: readonly string[] | string;
  readonly bundled?: readonly string[] | string;
  readonly bin?: Texts | string;
  /** The folder of commands, where `bin` is absent. */
  readonly binFolder?: string;
  readonly scripts?: Texts | string;
  readonly os?: readonly string[] | string;
  readonly cpu?: readonly string[] | string;
  readonly libc?: readonly string[] | string;
  readonly engines?: Texts | string;
}

interface Reader {
  readonly kind: string;
  /** The fields of package.json on which the kind depends. */
  readonly fields: readonly string[];
  readonly read: (json: Manifest) => DeclaredValue | undefined;
}

const DEPENDENCIES = ['dependencies', 'optionalDependencies'];

/** The kinds in a fixed order. */
const READERS: readonly Reader[] = [
  { kind: 'dependencies', fields: DEPENDENCIES, read: required },
  textsOf('optionalDependencies'),
  textsOf('peerDependencies'),
  { kind: 'optionalPeers', fields: ['peerDependenciesMeta'], read: optionalPeers },
  {
    kind: 'bundled',
    fields: ['bundleDependencies', 'bundledDependencies', ...DEPENDENCIES],
    read: bundled,
  },
  { kind: 'bin', fields: ['bin', 'name'], read: commands },
  { kind: 'binFolder', fields: ['directories', 'bin'], read: binFolder },
  { kind: 'scripts', fields: ['scripts'], read: installScripts },
  namesOf('os'),
  namesOf('cpu'),
  namesOf('libc'),
  { kind: 'engines', fields: ['engines'], read: engines },
];

function textsOf(kind: string): Reader {
  return { kind, fields: [kind], read: (json) => texts(json[kind]) };
}

function namesOf(kind: string): Reader {
  return { kind, fields: [kind], read: (json) => names(json[kind]) };
}

/** `buildsByGyp`: the package has a binding.gyp, for which npm and others run node-gyp if no script replaces that. */
export function npmDeclared(json: Manifest, buildsByGyp: boolean = false): NpmDeclared {
  const declared: Record<string, DeclaredValue> = {};
  for (const { kind, read } of READERS) {
    const value = read(json);
    if (value !== undefined) declared[kind] = shortened(value);
  }
  if (buildsByGyp && json['gypfile'] !== false) addGypScript(declared);
  return declared;
}

/**
 * {@link npmDeclared} of a document that most likely says the same as `archive`. An install compares a thousand documents. So a value
 * that is spelled as in the canonical form is not read.
 */
export function declaredLike(document: Manifest, archive: NpmDeclared): NpmDeclared {
  const declared: Record<string, DeclaredValue> = {};
  for (const { kind, fields, read } of READERS) {
    if (fields.every((field) => document[field] === undefined)) continue;
    const archiveValue = archive[kind];
    const [field = ''] = fields;
    // A document could contain the text of a digest.
    if (typeof archiveValue === 'object' && isSameValue(archiveValue, document[field])) {
      declared[kind] = archiveValue;
      continue;
    }
    const value = read(document);
    if (value !== undefined) declared[kind] = shortened(value);
  }
  return declared;
}

/** Whether a value is spelled exactly as a value in canonical form. */
export function isSameValue(canonical: DeclaredValue | undefined, other: unknown): boolean {
  if (canonical === other) return true;
  if (typeof canonical !== 'object' || typeof other !== 'object' || other === null) return false;
  const [canonicalNames, otherNames] = [Object.keys(canonical), Object.keys(other)];
  return (
    canonicalNames.length === otherNames.length &&
    Array.isArray(canonical) === Array.isArray(other) &&
    canonicalNames.every(
      (name, at) => name === otherNames[at] && textIn(canonical, name) === textIn(other, name),
    )
  );
}

function textIn(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}

function addGypScript(declared: Record<string, DeclaredValue>): void {
  const { scripts = {} } = declared as NpmDeclared;
  if (typeof scripts === 'string' || 'install' in scripts || 'preinstall' in scripts) return;
  declared['scripts'] = sorted([...Object.entries(scripts), ['install', GYP_SCRIPT]]) ?? {};
}

/** A long value becomes its digest, so that a remembered verdict stays small. Two equal values still compare as equal. */
function shortened(value: DeclaredValue): DeclaredValue {
  return charsOf(value) <= MAX_DECLARED_CHARS ? value : digest(JSON.stringify(value));
}

function charsOf(value: DeclaredValue): number {
  if (typeof value === 'string') return value.length;
  let chars = 0;
  for (const [name, text] of Object.entries(value)) chars += name.length + text.length;
  return chars;
}

function digest(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}

/** Entries in the order of their names. Undefined if there are none. */
function sorted(entries: readonly (readonly [string, string])[]): Texts | undefined {
  if (entries.length === 0) return undefined;
  // Registries and lockfiles keep the order of package.json, which npm sorts.
  const isInOrder = entries.every(([name], at) => at === 0 || entries[at - 1]![0] <= name);
  return Object.fromEntries(isInOrder ? entries : entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A map of texts, or a list as npm reads it: `["a", "b@1"]`. Values of another type mean nothing to a client. */
function texts(value: unknown): Texts | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return sorted(entries.map(([name, text]) => [name.trim(), text.trim()]));
}

/** npm writes each optional dependency into `dependencies` too when it publishes. A package in both is optional. */
function required(json: Manifest): Texts | undefined {
  const dependencies = texts(json['dependencies']);
  const optional = json['optionalDependencies'];
  if (dependencies === undefined || !isRecord(optional)) return dependencies;
  return sorted(Object.entries(dependencies).filter(([name]) => !Object.hasOwn(optional, name)));
}

function optionalPeers(json: Manifest): readonly string[] | undefined {
  const meta = json['peerDependenciesMeta'];
  if (!isRecord(meta)) return undefined;
  const optionalEntries = Object.entries(meta).filter(
    ([, is]) => isRecord(is) && String(is['optional']) === 'true',
  );
  return optionalEntries.length === 0
    ? undefined
    : optionalEntries.map(([name]) => name).toSorted();
}

function bundled(json: Manifest): readonly string[] | undefined {
  const value = json['bundleDependencies'] ?? json['bundledDependencies'];
  if (value === true) {
    const maps = [json['dependencies'], json['optionalDependencies']].filter(isRecord);
    return names(maps.flatMap((map) => Object.keys(map)));
  }
  // A map of bundled dependencies is an old spelling of the list of its names.
  return names(isRecord(value) ? Object.keys(value) : value);
}

/** A list of names without repetition, in order. A single text is a list of one name. */
function names(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : [value];
  if (!Array.isArray(value)) return undefined;
  const uniqueNames = new Set(value.filter((item): item is string => typeof item === 'string'));
  return uniqueNames.size === 0 ? undefined : [...uniqueNames].toSorted();
}

/** The commands as npm-normalize-package-bin makes them: the last part of the name, and a path inside the package. */
function commands(json: Manifest): Texts | undefined {
  const { bin, name } = json;
  let pairs: readonly (readonly [string, unknown])[] = [];
  if (typeof bin === 'string') pairs = [[typeof name === 'string' ? name : '', bin]];
  else if (Array.isArray(bin)) pairs = bin.map((target) => [String(target), target] as const);
  else if (isRecord(bin)) pairs = Object.entries(bin);
  const entries = pairs.flatMap(([command, target]) => {
    if (typeof target !== 'string') return [];
    const last = settledPath(posix.basename(command.replace(/[\\:]/g, '/')));
    const path = settledPath(target);
    return last === '' || path === '' ? [] : [[last, path] as const];
  });
  return sorted(entries);
}

function binFolder({ bin, directories }: Manifest): string | undefined {
  if (bin !== undefined || !isRecord(directories)) return undefined;
  const folder = directories['bin'];
  return typeof folder === 'string' && folder !== '' ? settledPath(folder) || '.' : undefined;
}

/** npm removes the folder of commands from the start of a script when it publishes. */
const COMMANDS_FOLDER = /^(?:\.[/\\])?node_modules[/\\]\.bin[\\/]/;

function installScripts({ scripts }: Manifest): Texts | undefined {
  if (!isRecord(scripts)) return undefined;
  return sorted(
    INSTALL_SCRIPTS.flatMap((script) => {
      const text = scripts[script];
      // No client runs an empty script.
      if (typeof text !== 'string' || text.trim() === '') return [];
      const plain = text.replace(COMMANDS_FOLDER, '');
      return [[script, plain.length > MAX_DECLARED_SCRIPT_CHARS ? digest(plain) : plain] as const];
    }),
  );
}

/** Old packages have a list of engines. pnpm's lockfile has it as a map of positions. */
function engines({ engines: value }: Manifest): Texts | undefined {
  if (typeof value === 'string') return sorted([['0', value.trim()]]);
  return texts(Array.isArray(value) ? Object.fromEntries(value.entries()) : value);
}

/** Registries drop a leading `v` or `=`, and some drop build metadata. */
export function plainVersion(version: string): string {
  return version
    .trim()
    .replace(/^[v=\s]+/, '')
    .replace(/^([^+]*)\+.*$/, '$1');
}

/** npm writes a repository of GitHub into a lockfile as `github:owner/name`, where package.json has `owner/name`. */
export function plainRange(range: string): string {
  return range.replace(/^github:(?=[\w-][\w.-]*\/[\w.-]+(?:#|$))/, '');
}
