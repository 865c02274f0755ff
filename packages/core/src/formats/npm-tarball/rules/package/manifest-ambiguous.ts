import { MAX_FINDINGS_PER_RULE, MAX_MANIFEST_DEPTH } from '../../../../limits.ts';
import { duplicateKeys, type DuplicateKey } from '../../../../metadata/duplicate-keys.ts';
import { isRecord } from '../../../../metadata/manifest.ts';
import { INSTALL_SCRIPTS } from '../../../../metadata/npm-declared.ts';
import type { NpmPackage } from '../../../../metadata/npm-package.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';
import { advice, withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import { checkManifest, type ReadableManifest } from './check-manifest.ts';

const ambiguous = withCodes({
  id: 'manifest-ambiguous',
  level: 'error',
  summary: 'package.json has a key or a field that managers read differently',
  advice: advice(
    'Do not install it: managers use different values from each other, or others than a reviewer has read.',
    'Write each key once and each field as `npm publish` expects it, and publish again.',
  ),
});

/** Keys that decide about the identity, the dependencies and the commands of a package. Real packages have none of these twice. */
const FIELDS: ReadonlySet<string> = new Set([
  'name',
  'version',
  'bin',
  'directories',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'bundledDependencies',
  'os',
  'cpu',
  'libc',
]);

/** Scripts that a manager runs when it installs the package. The others are for the author of the package. */
const RUN_SCRIPTS: readonly string[] = [...INSTALL_SCRIPTS, 'prepare'];

function counts(key: string, within: string | undefined): boolean {
  if (within === 'scripts') return RUN_SCRIPTS.includes(key);
  return within === undefined ? key === 'scripts' || FIELDS.has(key) : FIELDS.has(within);
}

/** Real packages have two `scripts` keys (mime@1.3.4). They matter only if the install scripts in them differ. */
class Scripts {
  /** The first `scripts`, parsed once: there may be thousands of second ones, of two bytes each. */
  #first: unknown;

  differ({ first, other }: DuplicateKey): boolean {
    this.#first ??= JSON.parse(first);
    const [a, b] = [this.#first, JSON.parse(other) as unknown];
    if (!isRecord(a) || !isRecord(b)) return true;
    return RUN_SCRIPTS.some((script) => a[script] !== b[script]);
  }
}

export const manifestDuplicateKey: MetadataRule = {
  ...ambiguous(
    'manifest-duplicate-key',
    'package.json has the same key twice with different values',
  ),
  ...checkManifest(({ manifest }, report) => reportFirst(repeatedKeys(manifest), report)),
};

function* repeatedKeys({ text }: ReadableManifest): Generator<string> {
  const scripts = new Scripts();
  for (const duplicate of duplicateKeys(text, counts)) {
    const { key, within, first, other } = duplicate;
    if (key === 'scripts' && within === undefined && !scripts.differ(duplicate)) continue;
    const name = within === undefined ? quote(key) : `${quote(key)} of ${quote(within)}`;
    yield `${name}: ${quote(first)}, then ${quote(other)}`;
  }
}

/** Reports the first details, and one more, so that the finding log counts that there are others. */
function reportFirst(details: Generator<string>, report: (detail: string) => void): void {
  let reported = 0;
  for (const detail of details) {
    report(detail);
    reported += 1;
    if (reported > MAX_FINDINGS_PER_RULE) return;
  }
}

/** Fields whose keys become names of files, packages or commands. */
const MAPS = [
  'bin',
  'directories',
  'scripts',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;

type Json = Readonly<Record<string, unknown>>;

/** The kind of a JSON value, in words. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'an object'
      : `a ${typeof value}`;
}

/** Whether a value counts as absent: `null` and `false` switch a field off for every manager. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}

/** Whether an escape is one half of a surrogate pair, which pnpm 12 cannot parse. Whole pairs and escaped backslashes do not count. */
function holdsHalfPair(text: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false;
  const withoutPairs = text.replaceAll(/\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]../g, ' ');
  return /\\u[dD][89a-fA-F]/.test(withoutPairs);
}

/** Walks level by level. Recursion would run out of stack here, as it does in some managers. */
function isTooDeep(json: Json): boolean {
  let level: unknown[] = [json];
  for (let depth = 1; depth <= MAX_MANIFEST_DEPTH; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      for (const inner of Object.values(value as object)) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

function* ofBin(bin: unknown): Generator<string> {
  if (isAbsent(bin)) return;
  if (typeof bin === 'string') {
    if (isFolder(bin)) yield `bin ${quote(bin)}: the target is a folder`;
    return;
  }
  if (!isRecord(bin)) {
    yield `bin is ${kindOf(bin)}`;
    return;
  }
  for (const [name, target] of Object.entries(bin)) {
    // All managers remove the scope.
    if (name.includes('/') && name.replace(/^@[^/]+\//, '').includes('/'))
      yield `bin ${quote(name)}: the name holds a slash`;
    if (typeof target !== 'string') yield `bin ${quote(name)} is ${kindOf(target)}`;
    else if (isFolder(target)) yield `bin ${quote(name)}: the target ${quote(target)} is a folder`;
  }
}

/** Whether a target is spelled as a folder. npm removes such an ending, and other managers ask the system. */
function isFolder(target: string): boolean {
  return /(?:^|[\\/])\.{0,2}$/.test(target.slice(-3)) && target !== '';
}

function* ofDirectories(directories: unknown): Generator<string> {
  if (!isRecord(directories) || !Object.hasOwn(directories, 'bin')) return;
  const { bin } = directories;
  if (isAbsent(bin)) return;
  if (typeof bin !== 'string') yield `directories.bin is ${kindOf(bin)}`;
  else if (/^[\\/]/.test(bin)) yield `directories.bin ${quote(bin)}: it is absolute`;
}

/** Fields that come from a `__proto__` key: a copy made by assignment takes its value as the prototype. */
function* ofPrototypes(json: Json): Generator<string> {
  if (Object.hasOwn(json, '__proto__')) yield '"__proto__" is a key';
  for (const field of MAPS) {
    const map = json[field];
    if (isRecord(map) && Object.hasOwn(map, '__proto__')) yield `"__proto__" is a key of ${field}`;
  }
}

function* problems({ json, text }: ReadableManifest, npm: NpmPackage): Generator<string> {
  yield* ofPrototypes(json);
  yield* ofBin(json['bin']);
  for (const { name, target, targetKind } of npm.bins) {
    if (targetKind === 'directory' && !isFolder(target))
      yield `bin ${quote(name)}: the target ${quote(target)} is a folder`;
  }
  yield* ofDirectories(json['directories']);
  if (isTooDeep(json)) yield `objects and lists are nested more than ${MAX_MANIFEST_DEPTH} deep`;
  if (holdsHalfPair(text)) yield 'an escape gives half of a character';
}

export const manifestAmbiguousField: MetadataRule = {
  ...ambiguous(
    'manifest-ambiguous-field',
    'package.json has a field that managers read differently',
  ),
  ...checkManifest(({ manifest, npm }, report) => reportFirst(problems(manifest, npm), report)),
};
