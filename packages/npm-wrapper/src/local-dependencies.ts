/**
 * Finds packages in a tree that depend on a folder or file of this machine and are not the user's own. npm links to such a folder or
 * copies it, and npm 10 and 11 run its scripts.
 */
import { lstatSync } from 'node:fs';
import {
  localDependency,
  lockedLocally,
  isWithin,
  realOrSame,
  type LocalDependency,
} from '@tarwarden/guard';
import type { TreeNode } from './identity.ts';

/** The fields of npm-package-arg's result that this file uses. */
export interface ParsedSpec {
  readonly type?: unknown;
  readonly fetchSpec?: unknown;
}

/** npm's own parser of specifiers. npm uses its result to decide what to link. */
export type ParseSpec = (name: string, specifier: string, folder: string) => ParsedSpec;

interface DependencyEdge {
  readonly name: string;
  readonly type?: unknown;
  /** The specifier that npm follows, with the project's `overrides`. */
  readonly spec: string;
  /** The specifier in the package's manifest. */
  readonly rawSpec: string;
  readonly from?: DependencyNode | null;
  readonly to?: DependencyNode | null;
}

/** The fields of a node of Arborist's tree that are used here. */
export interface DependencyNode extends TreeNode {
  readonly path: string;
  readonly realpath: string;
  readonly isWorkspace?: unknown;
  /** As npm has normalised it. */
  readonly package?: { readonly bundleDependencies?: unknown };
  readonly target?: DependencyNode | null;
  readonly children?: ReadonlyMap<string, DependencyNode>;
  readonly fsChildren?: ReadonlySet<DependencyNode>;
  readonly edgesIn: ReadonlySet<DependencyEdge>;
  readonly edgesOut: ReadonlyMap<string, DependencyEdge>;
}

export interface DependencyTree extends DependencyNode {
  readonly inventory: { values(): Iterable<DependencyNode> };
}

export interface LocallyDependent {
  readonly node: TreeNode;
  readonly problem: LocalDependency;
}

export interface TreeOptions {
  readonly parse: ParseSpec;
  /** Whether the root itself was fetched: a git repository that npm prepares. Such a root may only name paths inside itself. */
  readonly fetchedRoot: boolean;
}

/** The first package that may not be installed, since it names a folder or file of this machine. */
export function locallyDependent(
  root: DependencyTree,
  { parse, fetchedRoot }: TreeOptions,
): LocallyDependent | undefined {
  const ownNodes = fetchedRoot ? new Set<DependencyNode>() : ownFolders(root);
  for (const node of root.inventory.values()) {
    if (ownNodes.has(node)) continue;
    const locked = lockedOutside(node, { root, ownNodes, parse });
    if (locked !== undefined) return { node, problem: lockedLocally(locked) };
    if (node.isLink === true) continue;
    const boundary = isWithin(root.realpath, node.realpath) && fetchedRoot ? root : node;
    for (const edge of node.edgesOut.values()) {
      // A changed specifier comes from the project's overrides, so the project itself names it.
      if (edge.spec !== edge.rawSpec || isBundled(node, edge.name)) continue;
      // npm does not install an optional peer by itself.
      if (edge.type === 'peerOptional' && !edge.to) continue;
      const path = localPath(parse, edge, node.path);
      // A path inside the package is safe: its files were inspected with it.
      if (path === undefined || isWithin(boundary.realpath, path)) continue;
      return { node, problem: localDependency(edge.rawSpec) };
    }
  }
  return undefined;
}

/**
 * npm takes a bundled dependency from the inspected archive of the package, and ignores the specifier. If the archive does not contain
 * it, npm installs nothing. Packages of monorepos are often published so.
 */
function isBundled({ package: manifest, isWorkspace }: DependencyNode, name: string): boolean {
  const bundled = manifest?.bundleDependencies;
  return isWorkspace !== true && Array.isArray(bundled) && bundled.includes(name);
}

/**
 * The project, its workspaces, and the folders that these name. A link directly in their node_modules counts too: the user may have
 * made it with `npm link`, and packages that depend on its version use it. A link that only a lockfile has does not count.
 */
function ownFolders(root: DependencyNode): ReadonlySet<DependencyNode> {
  const ownNodes = new Set<DependencyNode>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (ownNodes.has(node)) continue;
    ownNodes.add(node);
    if (node.isLink === true && node.target) waiting.push(node.target);
    for (const { to } of node.edgesOut.values())
      if (to && (to.isLink === true || isFolder(to))) waiting.push(to);
    for (const child of node.children?.values() ?? [])
      if (child.isLink === true && isOnDisk(child)) waiting.push(child);
  }
  return ownNodes;
}

/** Whether the link exists on the disk, itself or through a link in place of its scope. */
function isOnDisk({ path, realpath }: DependencyNode): boolean {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink || realOrSame(path) === realpath;
}

/** A copy of a folder, which npm makes if the user sets `install-links`. */
function isFolder({ resolved }: TreeNode): boolean {
  return typeof resolved === 'string' && /^file:/i.test(resolved) && !ARCHIVE.test(resolved);
}

const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/i;

interface Context {
  readonly root: DependencyTree;
  readonly ownNodes: ReadonlySet<DependencyNode>;
  readonly parse: ParseSpec;
}

/** The path outside the project that a lockfile gives to a package on which only published packages depend. */
function lockedOutside(
  node: DependencyNode,
  { root, ownNodes, parse }: Context,
): string | undefined {
  const path = locationOf(node, root, parse);
  if (path === undefined || isWithin(root.realpath, path)) return undefined;
  for (const edge of node.edgesIn) {
    const isNamed = edge.from ? ownNodes.has(edge.from) : false;
    if (isNamed || edge.spec !== edge.rawSpec) return undefined;
    // The loop over the edges reports the package that names this path.
    if (edge.from && isBundled(edge.from, edge.name)) continue;
    if (localPath(parse, edge, edge.from?.path ?? root.path) !== undefined) return undefined;
  }
  return path;
}

function locationOf(
  node: DependencyNode,
  root: DependencyTree,
  parse: ParseSpec,
): string | undefined {
  if (node.isLink === true) return node.realpath;
  const { resolved } = node;
  if (typeof resolved !== 'string' || !/^(?:git\+)?file:/i.test(resolved)) return undefined;
  return specifierPath(parse, String(node.name), resolved, root.path);
}

function localPath(parse: ParseSpec, edge: DependencyEdge, folder: string): string | undefined {
  // Most specifiers are ranges, and npm's parser is slow.
  if (!/[/\\:]|\.t(?:ar\.)?gz$|\.tar$/i.test(edge.rawSpec)) return undefined;
  return specifierPath(parse, edge.name, edge.rawSpec, folder);
}

/** The folder or file of this machine that npm uses for a specifier; undefined if the specifier names something else. */
function specifierPath(
  parse: ParseSpec,
  name: string,
  specifier: string,
  folder: string,
): string | undefined {
  let parsed: ParsedSpec;
  try {
    parsed = parse(name, specifier, folder);
  } catch {
    // npm cannot parse it either, and reports that.
    return undefined;
  }
  const { type, fetchSpec } = parsed;
  if (typeof fetchSpec !== 'string') return undefined;
  if (type === 'directory' || type === 'file') return fetchSpec;
  const [, repository] = /^(?:git\+)?file:(.*)$/is.exec(type === 'git' ? fetchSpec : '') ?? [];
  return repository;
}
