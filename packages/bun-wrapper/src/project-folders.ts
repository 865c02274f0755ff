/* The folders of a project that bun writes packages into. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { printable } from '@tarwarden/core/text';
import { projectLink, readBounded, type ProjectLink } from '@tarwarden/host';
import { matchesWorkspace } from '@tarwarden/host/project-root';
import { workspaceFolders } from './workspace-folders.ts';

const BYTES_MAX = 8 * 1024 * 1024;

/** Folders of workspaces that are looked at. */
const FOLDERS_MAX = 10_000;

/** Patterns of one package.json that are looked at. */
const PATTERNS_MAX = 1000;

/** Folders above the project that are looked at. */
const PARENTS_MAX = 64;

/**
 * Files that bun 1.4 writes there besides what is in node_modules, by a trace of the system calls of `install` with each linker, with
 * `saveTextLockfile = false`, and with `--yarn`. test/e2e/written-files.test.ts compares this list with what bun writes.
 */
const FILES = ['package.json', 'bun.lock', 'bun.lockb', 'yarn.lock'] as const;

/** The nearest folder with a package.json, else `cwd`. */
function packageFolder(cwd: string): string {
  return foldersAbove(cwd).find(hasManifest) ?? resolve(cwd);
}

/**
 * The folder that bun takes for the project: the workspace that names the nearest package, else that package's; without one, `cwd`.
 * @throws Error where a package.json on the way cannot be read.
 */
export function projectRoot(cwd: string): string {
  const own = packageFolder(cwd);
  const above = foldersAbove(own).slice(1).filter(hasManifest);
  return above.find((folder) => holds(folder, own)) ?? own;
}

function foldersAbove(cwd: string): string[] {
  const all = [resolve(cwd)];
  for (let folder = dirname(all[0]!); folder !== all.at(-1); folder = dirname(folder)) {
    if (all.length === PARENTS_MAX) break;
    all.push(folder);
  }
  return all;
}

function hasManifest(folder: string): boolean {
  return existsSync(join(folder, 'package.json'));
}

/** Whether a workspace names this folder. A pattern with more than stars is taken for anything below what is before. */
function holds(root: string, folder: string): boolean {
  const patterns = patternsOf(root);
  const parts = relative(root, folder).split(sep);
  const isNamed = (all: readonly string[]): boolean =>
    all.some((one) => matchesWorkspace(one, parts));
  const taken = patterns.filter((one) => !one.startsWith('!'));
  const left = patterns.filter((one) => /^![^[\]{}?]*$/.test(one) && !/\*\*\/./.test(one));
  return (
    isNamed(taken.map((one) => one.replace(/[^/]*[[\]{}?].*$/s, '**'))) &&
    !isNamed(left.map((one) => one.slice(1)))
  );
}

/**
 * A link out of the project that bun would write through, if it may be the repository's.
 * @throws Error where a package.json cannot be read.
 */
export function linkOut(cwd: string): ProjectLink | undefined {
  const [root, own] = [projectRoot(cwd), packageFolder(cwd)];
  const roots = [...new Set([root, own])];
  return projectLink({
    root,
    folders: roots.flatMap((one) => [one, ...workspacesOf(one)]),
    files: FILES,
  });
}

/** Folders of the workspaces that package.json names. One without a package.json is not a workspace. */
export function workspacesOf(root: string): string[] {
  const all = patternsOf(root)
    .filter((one) => !one.startsWith('!'))
    .slice(0, PATTERNS_MAX)
    .flatMap((pattern) => workspaceFolders(root, pattern));
  return [...new Set(all)].slice(0, FOLDERS_MAX).filter(hasManifest);
}

/** bun takes a list, and an object with a list in it; comments and commas at the end as well. Of a key that is there twice, all count. */
function patternsOf(folder: string): readonly string[] {
  return valuesOf(manifestOf(folder), 'workspaces')
    .flatMap((one) => (one.type === 'object' ? valuesOf(one, 'packages') : [one]))
    .flatMap((list) => (list.type === 'array' ? (list.children ?? []) : []))
    .flatMap(({ type, value }) => (type === 'string' ? [value as string] : []));
}

/** Every text in the package.json of a folder. Empty if the file is missing or cannot be read. */
export function textsOf(folder: string): readonly string[] {
  return textsIn(readManifest(folder));
}

/** The specifiers of the dependencies that an installed package has. */
export function dependenciesOf(folder: string): readonly string[] {
  const manifest = readManifest(folder);
  return ['dependencies', 'optionalDependencies', 'peerDependencies']
    .flatMap((kind) => valuesOf(manifest, kind))
    .flatMap(textsIn);
}

function textsIn(root: Node | undefined): readonly string[] {
  const texts: string[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'string') texts.push(node.value as string);
    // Of a property, its value alone.
    waiting.push(...(node.children ?? []).slice(node.type === 'property' ? 1 : 0));
  }
  return texts;
}

function readManifest(folder: string): Node | undefined {
  try {
    return manifestOf(folder);
  } catch {
    return undefined;
  }
}

function manifestOf(folder: string): Node | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    const { bytes } = readBounded(path, { bytesMax: BYTES_MAX, follow: true });
    if (bytes === undefined) throw new Error('it is not a file, or too large');
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { allowTrailingComma: true });
    // bun takes an empty file for one that says nothing.
    if (text.trim() !== '' && (errors.length > 0 || root?.type !== 'object'))
      throw new Error('it does not hold a JSON object');
    return root;
  } catch (error) {
    throw new Error(
      `${printable(path, 4096)} cannot be read: ${printable((error as Error).message)}`,
    );
  }
}

function valuesOf(node: Node | undefined, name: string): Node[] {
  return (node?.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key?.value === name && value !== undefined ? [value] : [],
  );
}
