import {
  MAX_FINDINGS_PER_RULE,
  MANIFEST_BYTES_PER_VALUE,
  MAX_MANIFEST_VALUES,
  MAX_SHRINKWRAP_BYTES,
  MAX_SCRIPT_TEXT,
} from '../limits.ts';
import { quote } from '../text/printable.ts';
import { isRecord, type PackageJson, depthOf, unsafePath, parseManifest } from './manifest.ts';
import { posix } from 'node:path';
import type { FileSet, ClaimedPath } from '../tree/file-set.ts';
import { settledPath, foldedKey } from '../tree/package-path.ts';
import { type Entry, Typeflag, Trait } from '../containers/entry.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { Body } from '../tree/body.ts';
import type { PackageTree } from '../tree/tree.ts';
import { hasMoreValues } from './json-values.ts';
import type { Metadata } from './metadata.ts';
import { npmDeclared } from './npm-declared.ts';
import { isShrinkwrap } from './shrinkwrap.ts';

/** The kinds of dependencies that managers install with a package from a registry. */
const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Specifiers of a registry: npm's own, under another name, and of JSR. */
const OF_REGISTRY = /^\s*(?:npm|jsr):/i;

/** A protocol, a path, a short name such as `user/repository`, or the name of an archive. Ranges and tags of versions have none of these. */
const OUTSIDE = /[:/\\]|^\s*\.{1,2}\s*$|\.(?:tgz|tar\.gz|tar)\s*$/i;

/** The dependencies of a package.json that do not come from a registry, in words: the first ones. Bundled ones are in the archive. */
function outsideDependenciesOf(manifest: PackageJson | undefined): readonly string[] {
  if (!manifest?.ok) return [];
  const { json } = manifest;
  const details: string[] = [];
  for (const kind of KINDS) {
    const map = json[kind];
    if (!isRecord(map)) continue;
    for (const name in map) {
      const spec = map[name];
      if (typeof spec !== 'string' || !OUTSIDE.test(spec) || OF_REGISTRY.test(spec)) continue;
      if (isBundled(json, name)) continue;
      details.push(`${quote(name)} in ${kind} is ${quote(spec)}`);
      if (details.length > MAX_FINDINGS_PER_RULE) return details;
    }
  }
  return details;
}

function isBundled(json: Readonly<Record<string, unknown>>, name: string): boolean {
  const bundled = json['bundleDependencies'] ?? json['bundledDependencies'];
  return bundled === true || (Array.isArray(bundled) && bundled.includes(name));
}

/** A command that package.json names. */
interface Bin {
  readonly name: string;
  readonly target: string;
  /** The reason why the target leads out of the package. Undefined if it stays inside. */
  readonly unsafe: string | undefined;
  /** The path of the target in the package. Undefined if it cannot have one. */
  readonly key: string | undefined;
  /** The kind of file at the target. It can be a folder without an entry of its own. */
  readonly targetKind: ClaimedPath['kind'] | undefined;
}

/** The commands of a manifest, with the files at their targets. */
function binsOf(manifest: PackageJson | undefined, files: FileSet): readonly Bin[] {
  return binTargets(manifest).map(([name, target]) => {
    const unsafe = unsafePath(target);
    // A target with more folders than the longest path has characters cannot exist, and a megabyte of it takes long to normalise.
    const lost = unsafe !== undefined || depthOf(target) > files.longest;
    const key = lost ? undefined : targetKey(target);
    const targetKind = key === undefined ? undefined : files.get(key)?.kind;
    return { name, target, unsafe, key, targetKind };
  });
}

/** Key of the path of a target. */
function targetKey(path: string): string {
  const plain = path.startsWith('./') ? path.slice(2) : path;
  // A path without empty components, dots or backslashes needs no normalising.
  if (!/(?:^|\/)\.{0,2}(?:\/|$)|\\/.test(plain)) return plain;
  return settledPath(path);
}

/** The manifest's `bin` as name → target pairs, in the three forms that npm takes. */
export function binTargets(
  manifest: PackageJson | undefined,
): readonly (readonly [name: string, target: string])[] {
  if (!manifest?.ok) return [];
  const { bin } = manifest.json;
  // No manager makes a command of an empty target.
  if (bin === '') return [];
  if (typeof bin === 'string') return [[manifest.name?.replace(/^@[^/]*\//, '') ?? '', bin]];
  if (Array.isArray(bin))
    return bin.flatMap((target) =>
      typeof target === 'string' ? [[posix.basename(target), target] as const] : [],
    );
  if (!isRecord(bin)) return [];
  return Object.entries(bin).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
}

/** A file that others may run and its owner may not. Some managers make it executable, others do not. */
interface OddlyExecutable {
  readonly entry: Entry;
  /** How a manager may run it. Undefined if no manager runs it. */
  readonly run: string | undefined;
}

/** Scripts that managers run for a dependency. For one from git, pnpm runs `publish` and npm runs `dependencies`. */
const LIFECYCLE = /^(?:pre|post)?(?:install|prepublish|publish|prepare|prepack|pack|dependencies)$/;
/** A script with such a word may run any other. */
const RUNS_OTHERS = /npm|yarn|bun|run/;
/** Characters with which a shell changes words. */
const EXPANDED = /[*?[{\\$`]/;

/** Plain file names in scripts. A name with other characters is not looked for in scripts. */
const PLAIN = /^[\w.@+-]+$/;

/** Finds out how managers run each of the files that others may run and their owner may not. */
function runAs(
  files: readonly { readonly entry: Entry; readonly key: string }[],
  npm: NpmPackage,
): OddlyExecutable[] {
  const reasonFor = reasons(npm);
  return files.map(({ entry, key }) => ({ entry, run: reasonFor(foldedKey(key, Trait.NonAscii)) }));
}

function reasons(npm: NpmPackage): (key: string) => string | undefined {
  const { manifest } = npm;
  if (!manifest?.ok) return () => 'package.json cannot be read';
  const bins = new Set(npm.bins.flatMap(({ key }) => (key === undefined ? [] : [fold(key)])));
  const folder = binFolder(manifest);
  const words = scriptWords(manifest);
  const builds = npm.tree.files.places.has('binding.gyp');
  return (key) => {
    if (bins.has(key)) return 'a command of the package';
    if (folder !== undefined && (folder === '' || key.startsWith(`${folder}/`)))
      return 'in the folder of commands';
    if (key.startsWith('node_modules/')) return 'of a bundled package';
    if (builds) return 'node-gyp builds the package';
    if (words === undefined) return 'with scripts of the install that cannot be read';
    if (words.size === 0) return undefined;
    const name = key.slice(key.lastIndexOf('/') + 1);
    return !PLAIN.test(name) || words.has(name) ? 'named in a script of the install' : undefined;
  };
}

function binFolder({ json }: Extract<PackageJson, { ok: true }>): string | undefined {
  const { directories } = json;
  const bin = isRecord(directories) ? directories['bin'] : undefined;
  return typeof bin === 'string' ? fold(settledPath(bin)) : undefined;
}

/** The words of all install scripts. Undefined if there is too much text, or a shell changes its words. */
function scriptWords({
  json,
}: Extract<PackageJson, { ok: true }>): ReadonlySet<string> | undefined {
  const { scripts } = json;
  if (!isRecord(scripts)) return new Set();
  const lifecycleText = scriptText(scripts, (name) => LIFECYCLE.test(name));
  const text = RUNS_OTHERS.test(lifecycleText) ? scriptText(scripts, () => true) : lifecycleText;
  if (text.length > MAX_SCRIPT_TEXT || EXPANDED.test(text)) return undefined;
  // Quotes may also be inside a word.
  const words = `${text}\n${text.replace(/["']/g, '')}`.split(/[^\w.@+-]+/);
  return new Set(words.filter((word) => word !== ''));
}

function scriptText(scripts: Record<string, unknown>, isWanted: (name: string) => boolean): string {
  return Object.entries(scripts)
    .flatMap(([name, text]) => (typeof text === 'string' && isWanted(name) ? [text] : []))
    .join('\n')
    .toLowerCase();
}

function fold(text: string): string {
  return foldedKey(text, Trait.NonAscii);
}

const MANIFEST = 'package.json';

/** The metadata of a package for npm, pnpm and Yarn: package.json and npm-shrinkwrap.json. */
export class NpmPackage implements Metadata {
  readonly tree: PackageTree;
  /** Entries that are, after stripping the first folder, package.json itself. */
  readonly manifestEntries: Entry[] = [];
  /** The last regular package.json, which every manager takes. */
  manifest: PackageJson | undefined;
  /** A package.json with more bytes is not read. */
  readonly manifestCap: number;
  /** A package.json with more values is not read. */
  readonly manifestValues: number;
  /** The last package.json has too many values, and was not read. */
  manifestCrowded: boolean = false;
  /** The last npm-shrinkwrap.json, without bytes if it is too long to be read. */
  shrinkwrap: { readonly entry: Entry; readonly bytes?: Buffer } | undefined;

  #bins: readonly Bin[] | undefined;
  #oddlyExecutable: readonly OddlyExecutable[] | undefined;
  #manifestBody: Body | undefined;
  #shrinkwrapBody: Body | undefined;

  constructor(tree: PackageTree, manifestCap: number) {
    this.tree = tree;
    this.manifestCap = manifestCap;
    this.manifestValues = Math.max(
      MAX_MANIFEST_VALUES,
      Math.ceil(manifestCap / MANIFEST_BYTES_PER_VALUE),
    );
  }

  get claimed(): ManifestFacts | undefined {
    if (!this.manifest?.ok) return undefined;
    const { name, version, json } = this.manifest;
    const declares = npmDeclared(json, this.tree.files.places.has('binding.gyp'));
    return {
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
      declares,
    };
  }

  bodyFor(entry: Entry, key: string): Body | undefined {
    if (key === MANIFEST) {
      this.manifestEntries.push(entry);
      if (entry.typeflag !== Typeflag.File || entry.size > this.manifestCap) return undefined;
      return (this.#manifestBody = new Body(entry));
    }
    if (!isShrinkwrap(key) || entry.typeflag !== Typeflag.File) return undefined;
    this.shrinkwrap = { entry };
    this.#shrinkwrapBody = entry.size > MAX_SHRINKWRAP_BYTES ? undefined : new Body(entry);
    return this.#shrinkwrapBody;
  }

  end(): void {
    this.#readManifest();
    this.#readShrinkwrap();
  }

  /** The commands of the manifest, looked up once for all rules. Use it only after the last entry. */
  get bins(): readonly Bin[] {
    return (this.#bins ??= binsOf(this.manifest, this.tree.files));
  }

  /** The dependencies that do not come from a registry. Use it only after the last entry. */
  get outsideDependencies(): readonly { readonly detail: string; readonly entry?: Entry }[] {
    const entry = this.manifestEntries.at(-1);
    return outsideDependenciesOf(this.manifest).map((detail) => ({
      detail,
      ...(entry && { entry }),
    }));
  }

  /** Files that others may run and their owner may not, and how they are run. Use it only after the last entry. */
  get oddlyExecutable(): readonly OddlyExecutable[] {
    if (this.tree.unowned.length === 0) return [];
    return (this.#oddlyExecutable ??= runAs(this.tree.unowned, this));
  }

  // Parse once, at the end: only the last package.json is installed, and an archive may have many.
  #readManifest(): void {
    const bytes = this.#manifestBody?.whole();
    if (bytes === undefined) return;
    this.manifestCrowded = hasMoreValues(bytes, this.manifestValues);
    if (!this.manifestCrowded) this.manifest = parseManifest(bytes);
  }

  #readShrinkwrap(): void {
    const body = this.#shrinkwrapBody;
    if (body === undefined) return;
    const bytes = body.whole();
    // Without bytes the archive is truncated, which another rule reports.
    this.shrinkwrap = bytes === undefined ? undefined : { entry: body.entry, bytes };
  }
}
