/*
 * Finds links that lead an install out of the project. A repository can commit a link at node_modules, at a scope in it, or at a
 * folder of the manager's own. Then accepted files, commands among them, are written to a place that the repository chose. A link
 * at a file that the client writes, such as its lockfile, overwrites the file that it leads to.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { folderEntries } from './folder-entries.ts';
import { trackedEntries } from './git-index.ts';
import { projectRoot } from '../policy-files/project-root.ts';
import { isWithin, realOrSame } from './real-path.ts';

/** The most links that are followed on one path. Systems follow 40, npm itself more. */
const MAX_HOPS = 64;
/** Folders in which managers keep the packages that they link to. */
const STORES: ReadonlySet<string> = new Set(['.bun', '.pnpm', '.store']);
/** Separates the parts of a link's target. */
const SEPARATOR = sep === '/' ? '/' : /[\\/]/;

export interface ProjectLink {
  /** The link's path, relative to the project's root. */
  readonly name: string;
  /** The problem with it. One line, escaped. */
  readonly problem: string;
  readonly remedy: string;
}

export interface ProjectFolders {
  readonly root: string;
  /** Folders with a node_modules: the root, importers, workspaces. Relative paths start at the root. */
  readonly folders: Iterable<string>;
  /** Names of the modules folder, if it is not `node_modules` alone. */
  readonly modules?: readonly string[];
  /** Stores in these folders: they hold one folder with a node_modules for each package, and the client writes to it. */
  readonly stores?: readonly string[];
  /** Folders outside the project to which the client itself links from its stores: its cache. */
  readonly linksTo?: readonly string[];
  /** Whether the client also writes through links at or in the node_modules of a package. */
  readonly nested?: boolean;
  /** Whether tracked links at packages count: the client writes below them before it replaces them. Users make untracked ones. */
  readonly packages?: boolean;
  /** Files that the client writes in the root and these folders. A link at a folder on the path of such a file counts as well. */
  readonly files?: readonly string[];
}

/** A path that contains a link, and its destination; undefined if it has too many links. */
interface Way {
  readonly path: string;
  readonly real: string | undefined;
  readonly links: readonly string[];
  /** The project, and the folder itself if it lies beside the project. */
  readonly within: readonly string[];
}

/** The first link that leads an install out of the project and may have come with it: git tracks it, or cannot answer. */
export function projectLink(project: ProjectFolders): ProjectLink | undefined {
  const root = realOrSame(resolve(project.root));
  const leaving = [...waysOut(root, project)];
  if (leaving.length === 0) return undefined;
  // A surrounding repository that tracks nothing of the project, for example around an unpacked archive, cannot answer for it.
  const knows = (trackedEntries(root, ':(glob)*') ?? []).length > 0;
  const outer = knows ? projectRoot(root) : root;
  for (const way of leaving) {
    const within = [outer, ...way.within];
    if (!leaves(way.real, within)) continue;
    const tracked = knows
      ? isTracked(way.links.filter((link) => !leaves(link, within)))
      : undefined;
    if (tracked === true || (tracked === undefined && !isAtPackage(way.path)))
      return describeLink(root, way, tracked === true);
  }
  return undefined;
}

function* waysOut(root: string, project: ProjectFolders): Generator<Way> {
  const { folders, modules = ['node_modules'], nested = false, files = [] } = project;
  const { stores = [], linksTo = [] } = project;
  for (const given of new Set(folders)) {
    // Resolved from the root as given, since links to the root may lie above it.
    const folder = resolve(root, relative(resolve(project.root), resolve(project.root, given)));
    const real = realOrSame(folder);
    // A workspace may lie beside the project, but a link must not lead there.
    const beside = !isWithin(root, folder);
    if (!beside && leaves(real, [root])) yield wayTo(folder, [root]);
    const within = isWithin(root, real) ? [root] : [root, real];
    const stored = stores.flatMap((name) => [...linksOfStore(join(real, name), true)]);
    yield* leaving(stored, [...within, ...linksTo.map(realOrSame)]);
    const written = [...new Set(files.flatMap(stepsTo))]
      .map((name) => join(real, name))
      .filter(isLink);
    const placed = [...new Set(modules)].flatMap((name) => {
      const packages = project.packages === true && basename(name) === 'node_modules';
      return [...linksOf(join(real, name), { nested, packages })];
    });
    yield* leaving([...placed, ...written], within);
  }
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
function stepsTo(path: string): string[] {
  const parts = path.split(SEPARATOR);
  return parts.map((_part, index) => parts.slice(0, index + 1).join(sep));
}

function* leaving(links: readonly string[], within: readonly string[]): Generator<Way> {
  for (const path of links) {
    const way = wayTo(path, within);
    if (leaves(way.real, within)) yield way;
  }
}

/**
 * A folder of packages if it is a link itself; else the links in it at scopes and at the manager's own folders and, if `nested`,
 * those in the node_modules of its packages. The length of paths bounds the depth. Nothing bounds the number, because a link could
 * hide behind a bound.
 */
function* linksOf(folder: string, search: How): Generator<string> {
  if (isLink(folder)) return yield folder;
  for (const entry of folderEntries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      if (search.packages || /^[.@]/.test(entry.name)) yield path;
    } else if (STORES.has(entry.name)) yield* linksOfStore(path, search.nested);
    else if (entry.isDirectory()) {
      const isScope = entry.name.startsWith('@');
      if (isScope && search.packages)
        yield* folderEntries(path).flatMap((link) =>
          link.isSymbolicLink() ? join(path, link.name) : [],
        );
      if (search.nested)
        for (const name of isScope ? foldersIn(path) : ['.'])
          yield* linksOf(join(path, name, 'node_modules'), search);
    }
  }
}

const NESTED: How = { nested: true, packages: false };

interface How {
  readonly nested: boolean;
  readonly packages: boolean;
}

/** Whether a package lies at this path: not a scope, and not a folder of the manager's own. */
function isAtPackage(path: string): boolean {
  return /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^@.\\/][^\\/]*$/.test(path);
}

/** Each package of a store of links has a folder with a node_modules, and in that a scope if its name has one. */
function* linksOfStore(store: string, nested: boolean): Generator<string> {
  if (isLink(store)) return yield store;
  for (const entry of folderEntries(store)) {
    const path = join(store, entry.name);
    const modules = join(path, 'node_modules');
    const [scope] = /^@[^+]+(?=\+)/.exec(entry.name) ?? [];
    if (entry.isSymbolicLink()) yield path;
    else if (!entry.isDirectory()) continue;
    else if (nested) yield* [...linksOf(path, NESTED), ...linksOf(modules, NESTED)];
    else if (isLink(modules)) yield modules;
    else if (scope !== undefined && isLink(join(modules, scope))) yield join(modules, scope);
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

function foldersIn(folder: string): string[] {
  return folderEntries(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Follows a path link by link. Unlike realpath, it also resolves paths that do not exist yet. */
function wayTo(path: string, within: readonly string[]): Way {
  const links: string[] = [];
  let { root: at } = parse(path);
  const rest = path.slice(at.length).split(sep);
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    const target = targetOf(next);
    if (target === undefined) {
      at = next;
      continue;
    }
    links.push(next);
    if (links.length > MAX_HOPS) return { path, real: undefined, links, within };
    if (isAbsolute(target)) at = parse(target).root;
    rest.unshift(...target.slice(isAbsolute(target) ? at.length : 0).split(SEPARATOR));
  }
  return { path, real: at, links, within };
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Undefined if git cannot answer. */
function isTracked(links: readonly string[]): boolean | undefined {
  let unknown = false;
  for (const link of links) {
    // Ignore case: on a file system that ignores it, `Node_Modules` is found too.
    const entries = trackedEntries(dirname(link), `:(icase,literal)${basename(link)}`);
    if (entries?.some(({ mode, path }) => mode === '120000' && !path.includes('/')) === true)
      return true;
    unknown ||= entries === undefined;
  }
  return unknown ? undefined : false;
}

/** The project must not write to git's own folder, because git runs the hooks in it. */
function leaves(real: string | undefined, within: readonly string[]): boolean {
  if (real === undefined) return true;
  return !within.some(
    (folder) =>
      isWithin(folder, real) && !/(?:^|[\\/])\.git(?:[\\/]|$)/i.test(relative(folder, real)),
  );
}

function describeLink(root: string, { path, real }: Way, tracked: boolean): ProjectLink {
  const name = relative(root, path).split(sep).join('/');
  const target = real === undefined ? 'through too many others' : `to ${quote(real)}`;
  const whose = tracked
    ? 'it is part of the repository'
    : 'git cannot say that it did not come with the project';
  return {
    name,
    problem: `${quote(name)} is a link that leads out of the project, ${target}, where the install would write, and ${whose}`,
    remedy: tracked
      ? 'remove the link from the repository, and install again'
      : 'remove the link; if it is your own, have the project in a git repository that tracks package.json and not the link',
  };
}
