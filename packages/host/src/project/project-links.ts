/*
 * Links that lead an install out of the project. A repository can commit one at node_modules, or in it at a scope or at a
 * folder of the manager's own: what is accepted is then written to a place of the repository's choice, commands among it.
 * One at a file that the client writes, as its lockfile, costs the user the file that it leads to.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { folderEntries } from './folder-entries.ts';
import { trackedEntries } from './git-index.ts';
import { projectRoot } from '../policy-files/project-root.ts';
import { isWithin, realOrSame } from './real-path.ts';

/** Links on the way to one place. Systems follow 40 at most, npm by itself more. */
const MAX_HOPS = 64;
/** Where managers keep the packages that they link to. */
const STORES: ReadonlySet<string> = new Set(['.bun', '.pnpm', '.store']);
/** Between the parts of what a link says. */
const SEPARATOR = sep === '/' ? '/' : /[\\/]/;

export interface ProjectLink {
  /** The link, as seen from the project's root. */
  readonly name: string;
  /** What is wrong with it. One line, escaped. */
  readonly problem: string;
  readonly remedy: string;
}

export interface ProjectFolders {
  readonly root: string;
  /** Folders with a node_modules: the root, importers, workspaces. Relative ones are below the root. */
  readonly folders: Iterable<string>;
  /** Names of that folder, where it is not `node_modules` alone. */
  readonly modules?: readonly string[];
  /** Folders in these that hold a folder with a node_modules for each package, which the client writes to. */
  readonly stores?: readonly string[];
  /** Folders beside the project to which the client itself links from its stores: its cache. */
  readonly linksTo?: readonly string[];
  /** Whether the client also writes through a link at the node_modules of a package, or in that. */
  readonly nested?: boolean;
  /**
   * Whether links at packages count as well, by one that git tracks: the client replaces them, but not before it writes below
   * them. Others are made by users and by clients themselves (`yarn link`).
   */
  readonly packages?: boolean;
  /**
   * Files that the client itself writes in the root and these folders: its lockfile, its state, package.json. A link at a folder on the
   * way to one of them counts as well.
   */
  readonly files?: readonly string[];
}

/** A path with a link on it, and where that leads; undefined past the hops that are followed. */
interface Way {
  readonly path: string;
  readonly real: string | undefined;
  readonly links: readonly string[];
  /** The project, and the folder itself where it lies beside the project. */
  readonly within: readonly string[];
}

/**
 * The first link that leads an install out of the project and may have come with it. One that the user made, which git
 * does not track, is fine, and so is one that stays in the project.
 */
export function projectLink(project: ProjectFolders): ProjectLink | undefined {
  const root = realOrSame(resolve(project.root));
  const leaving = [...waysOut(root, project)];
  if (leaving.length === 0) return undefined;
  // A repository around that knows nothing of the project, as of an archive unpacked there, cannot speak for it.
  const knows = (trackedEntries(root, ':(glob)*') ?? []).length > 0;
  const outer = knows ? projectRoot(root) : root;
  for (const way of leaving) {
    const within = [outer, ...way.within];
    if (!leaves(way.real, within)) continue;
    const tracked = knows
      ? isTracked(way.links.filter((link) => !leaves(link, within)))
      : undefined;
    if (tracked === true || (tracked === undefined && !isAtPackage(way.path)))
      return told(root, way, tracked === true);
  }
  return undefined;
}

function* waysOut(root: string, project: ProjectFolders): Generator<Way> {
  const { folders, modules = ['node_modules'], nested = false, files = [] } = project;
  const { stores = [], linksTo = [] } = project;
  for (const given of new Set(folders)) {
    // As the project's root was given, links to it may lie above it.
    const folder = resolve(root, relative(resolve(project.root), resolve(project.root, given)));
    const real = realOrSame(folder);
    // A workspace may lie beside the project, but not be led there by a link.
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
 * A folder of packages if it is a link; else the links in it at scopes and at what managers keep there for themselves, and
 * if `nested` those in the node_modules of its packages. Their depth is bounded by the length of paths, and their number
 * by nothing: past a bound, a link could hide.
 */
function* linksOf(folder: string, how: How): Generator<string> {
  if (isLink(folder)) return yield folder;
  for (const entry of folderEntries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      if (how.packages || /^[.@]/.test(entry.name)) yield path;
    } else if (STORES.has(entry.name)) yield* linksOfStore(path, how.nested);
    else if (entry.isDirectory()) {
      const isScope = entry.name.startsWith('@');
      if (isScope && how.packages)
        yield* folderEntries(path).flatMap((one) =>
          one.isSymbolicLink() ? join(path, one.name) : [],
        );
      if (how.nested)
        for (const name of isScope ? foldersIn(path) : ['.'])
          yield* linksOf(join(path, name, 'node_modules'), how);
    }
  }
}

const NESTED: How = { nested: true, packages: false };

interface How {
  readonly nested: boolean;
  readonly packages: boolean;
}

/** Whether a path is one at which a package lies: no scope, and nothing that a manager keeps for itself. */
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

/** Follows a path link by link: what does not exist yet has a place as well, which realpath would not say. */
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

/** Undefined where git cannot say. */
function isTracked(links: readonly string[]): boolean | undefined {
  let unknown = false;
  for (const link of links) {
    // In any case: a file system that ignores it finds `Node_Modules`, too.
    const entries = trackedEntries(dirname(link), `:(icase,literal)${basename(link)}`);
    if (entries?.some(({ mode, path }) => mode === '120000' && !path.includes('/')) === true)
      return true;
    unknown ||= entries === undefined;
  }
  return unknown ? undefined : false;
}

/** Git's own folder is not the project's to write to: its hooks are run. */
function leaves(real: string | undefined, within: readonly string[]): boolean {
  if (real === undefined) return true;
  return !within.some(
    (folder) =>
      isWithin(folder, real) && !/(?:^|[\\/])\.git(?:[\\/]|$)/i.test(relative(folder, real)),
  );
}

function told(root: string, { path, real }: Way, tracked: boolean): ProjectLink {
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
