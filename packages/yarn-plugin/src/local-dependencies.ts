/**
 * Refuses published packages that depend on a folder or file of this machine. Yarn links to a `link:` or `portal:`, packs a `file:`,
 * runs the file of an `exec:`, and reads the file of a `patch:`.
 */
import { tmpdir } from 'node:os';
import { structUtils, type Descriptor, type Locator, type Project } from '@yarnpkg/core';
import { npath, ppath, type PortablePath } from '@yarnpkg/fslib';
import { isTemporary, type Guards } from './guards.ts';
import { realLocator, yarnSubject } from './subject.ts';

const LOCAL_PROTOCOLS: ReadonlySet<string | null> = new Set(['file:', 'link:', 'portal:', 'exec:']);
/** Protocols that name a folder. The package that names the folder answers for the folder's dependencies too. */
const FOLDER_PROTOCOLS: ReadonlySet<string | null> = new Set(['file:', 'link:', 'portal:']);
/** Yarn treats these as `file:`. */
const BARE_PATH = /^(?:[a-zA-Z]:[\\/]|\.{0,2}\/)/;
const ARCHIVE = /\.(?:tar\.gz|tgz)$/;
/** A patch that is part of Yarn. */
const BUILTIN = /^(?:optional!)?builtin<[^>]+>$/;
/** The most nested patches and folders that are followed. */
const DEPTH_MAX = 16;

/** Refuses a dependency of a published package on a folder or file of this machine. Called before Yarn resolves it. */
export async function refuseLocalDependency(
  dependency: Descriptor,
  { project, locator }: { readonly project: Project; readonly locator: Locator },
  guards: Guards,
): Promise<void> {
  const paths = localPaths(dependency.range);
  if (paths.length === 0) return;
  const { localDependency, realAsFar } = await guards.core();
  const boundary = boundaryOf(project, locator, realAsFar(tmpdir()));
  if (boundary === 'none' || paths.every((path) => isInside(path, boundary))) return;
  if (await isOfExtension(project, locator, dependency)) return;
  const { why, remedy } = localDependency(structUtils.stringifyDescriptor(dependency));
  throw await guards.notInspected(yarnSubject(locator), why, remedy);
}

/** The paths of folders and files in a range. */
function localPaths(range: string, depth = 0): readonly string[] {
  if (BARE_PATH.test(range)) return [range];
  const { protocol, source, selector } = parseRange(range);
  if (LOCAL_PROTOCOLS.has(protocol)) return [source ?? selector];
  const repository = /^git\+file:(?:\/\/)?([^#]*)/i.exec(range)?.[1];
  if (repository !== undefined) return [repository];
  if (protocol !== 'patch:' || depth > DEPTH_MAX) return [];
  const patches = selector.split('&').map((path: string) => path.replace(/^optional!/, ''));
  const inner = source === null ? null : structUtils.tryParseDescriptor(source, true);
  return [
    ...patches.filter((path: string) => path !== '' && !BUILTIN.test(path)),
    ...(inner === null ? [] : localPaths(inner.range, depth + 1)),
  ];
}

function parseRange(range: string): ReturnType<typeof structUtils.parseRange> {
  try {
    return structUtils.parseRange(range);
  } catch {
    // Yarn cannot parse it either, and reports that.
    return { protocol: null, source: null, selector: range, params: null };
  }
}

/** The area in which the paths that a package names must be: its own folder, the project, or anywhere. */
type Boundary = 'package' | 'none' | { readonly from: PortablePath; readonly root: PortablePath };

function boundaryOf(project: Project, locator: Locator, temporary: string): Boundary {
  const owner = ownerOf(project, locator);
  if (owner === undefined) return 'package';
  const folder = npath.fromPortablePath(project.cwd);
  // In a project that `dlx` makes, the user names the packages. A clone that Yarn packs may only name paths inside itself.
  if (!isTemporary(folder, temporary) || /[\\/]dlx-\d+$/.test(folder)) return 'none';
  return { from: owner, root: project.cwd };
}

/** The folder of the workspace that is this package, or that names it as a folder. Undefined for a published package. */
function ownerOf(project: Project, locator: Locator): PortablePath | undefined {
  let current = realLocator(locator);
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const workspace = project.tryWorkspaceByLocator(current);
    if (workspace !== null) return workspace.cwd;
    const { protocol, source, selector, params } = parseRange(current.reference);
    const parent = params?.['locator'];
    if (!FOLDER_PROTOCOLS.has(protocol) || typeof parent !== 'string') return undefined;
    if (ARCHIVE.test(source ?? selector)) return undefined;
    current = realLocator(structUtils.parseLocator(parent, true));
  }
  return undefined;
}

function isInside(path: string, boundary: Exclude<Boundary, 'none'>): boolean {
  const portable = npath.toPortablePath(path);
  // For Yarn, `~/` is the project's folder.
  if (ppath.isAbsolute(portable) || /^(?:~[\\/]|[a-zA-Z]:[\\/])/.test(path)) return false;
  if (boundary === 'package') return !leaves(ppath.normalize(portable));
  return ppath.contains(boundary.root, ppath.resolve(boundary.from, portable)) !== null;
}

function leaves(path: PortablePath): boolean {
  return path === '..' || path.startsWith('../');
}

/** Whether the project itself gives a package this dependency, by `packageExtensions`. */
async function isOfExtension(
  { configuration }: Project,
  locator: Locator,
  dependency: Descriptor,
): Promise<boolean> {
  // Yarn 3 has no such method.
  const extensions =
    typeof configuration.getPackageExtensions === 'function'
      ? await configuration.getPackageExtensions()
      : (configuration as unknown as { packageExtensions: Extensions }).packageExtensions;
  const extensionChanges = (extensions?.get(locator.identHash) ?? []).flatMap(
    ([, changes]) => changes,
  );
  return extensionChanges.some(
    (change) =>
      change.type === 'Dependency' &&
      change.descriptor.descriptorHash === dependency.descriptorHash,
  );
}

type Extensions = Awaited<ReturnType<Project['configuration']['getPackageExtensions']>>;
