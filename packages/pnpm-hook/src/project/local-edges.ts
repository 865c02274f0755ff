/*
 * Refuses published packages that depend on a folder or file of this machine. pnpm links to such a folder, or copies it, from any
 * place. Only the project may name one: in its own dependencies and those of folders that it names, and in overrides and package
 * extensions.
 */
import { resolve } from 'node:path';
import { isLocalSpecifier, localDependency } from '@tarwarden/guard';
import { type HookError, notInspectedError } from '../messages.ts';
import { bareKey } from './lockfile-graph.ts';
import { fieldsIn, textsIn, type OwnSpecifiers } from '../settings/own-specifiers.ts';
import type { PnpmLockfile, LockfileEdges, PnpmManifest } from '../pnpm-shapes.ts';
import { localPath } from '../source.ts';

/**
 * Refuses a manifest from a registry, before pnpm 12 resolves its dependencies. At this point, package extensions are applied to it,
 * but overrides are not.
 * @throws HookError if it names a folder or file.
 */
export function refuseLocalDependencies(
  manifest: PnpmManifest,
  ownSpecifiers: OwnSpecifiers,
): void {
  const { name = '', version = '', dependencies, optionalDependencies } = manifest;
  for (const [alias, specifier] of Object.entries({ ...dependencies, ...optionalDependencies })) {
    if (typeof specifier !== 'string' || !isLocalSpecifier(specifier)) continue;
    if (ownSpecifiers.specifiers.includes(specifier) || ownSpecifiers.overridden.includes(alias))
      continue;
    if (isBundled(manifest, alias)) continue;
    throw refusal(`${name}@${version}`, specifier);
  }
}

function isBundled(manifest: PnpmManifest, alias: string): boolean {
  const { bundledDependencies: bundled = manifest.bundleDependencies } = manifest;
  return bundled === true || (Array.isArray(bundled) && bundled.includes(alias));
}

interface Owner {
  readonly lockfileDir: string;
  readonly own: OwnSpecifiers;
  /** Folders of projects that the lockfile may not name yet. */
  readonly folders: () => readonly string[];
}

/**
 * Refuses a lockfile in which a published package depends on a folder or file.
 * @throws HookError if one does.
 */
export function refuseLocalEdges(lockfile: PnpmLockfile, owner: Owner): void {
  const { packages = {}, snapshots = {} } = lockfile;
  let owned: ReadonlySet<string> | undefined;
  for (const [key, node] of [...Object.entries(packages), ...Object.entries(snapshots)]) {
    if (packages[bareKey(key)]?.resolution?.type === 'directory') continue;
    for (const reference of referencesOf(node)) {
      const path = pathOfReference(reference, owner.lockfileDir, owner.lockfileDir);
      if (path === undefined) continue;
      owned ??= ownedPaths(lockfile, owner);
      if (!owned.has(path)) throw refusal(bareKey(key), reference);
    }
  }
}

/** Folders and files that the project, its workspace and the folders that these name may depend on. */
function ownedPaths(
  lockfile: PnpmLockfile,
  { lockfileDir, own: ownSpecifiers, folders }: Owner,
): ReadonlySet<string> {
  const { importers = {}, packages = {}, snapshots = {}, overrides = {} } = lockfile;
  const owned = new Set([lockfileDir, ...folders()]);
  const add = (node: LockfileEdges, directory: string): void => {
    for (const reference of referencesOf(node)) {
      const path = pathOfReference(reference, directory, lockfileDir);
      if (path !== undefined) owned.add(path);
    }
  };
  for (const [importer, node] of Object.entries(importers)) {
    const folder = resolve(lockfileDir, importer);
    // Only the workspace's own projects count: a lockfile may list any folder as a project.
    if (owned.has(folder)) add(node, folder);
  }
  for (const specifier of [...ownSpecifiers.specifiers, ...textsIn(overrides)]) {
    const path = specifier.replace(/^(?:file|link|workspace):(?:\/\/)?/, '');
    if (isLocalSpecifier(specifier)) owned.add(resolve(lockfileDir, path));
  }
  const nodes = new Map<string, LockfileEdges[]>();
  for (const [key, node] of [...Object.entries(packages), ...Object.entries(snapshots)]) {
    const { type, directory = '' } = packages[bareKey(key)]?.resolution ?? {};
    if (type !== 'directory') continue;
    const folder = resolve(lockfileDir, directory);
    nodes.set(folder, [...(nodes.get(folder) ?? []), node]);
  }
  // The loop also visits the folders that are added during it.
  for (const path of owned) for (const node of nodes.get(path) ?? []) add(node, lockfileDir);
  return owned;
}

/**
 * The folder or file to which a reference of a lockfile leads: `link:../a`, `file:a.tgz`, `a@file:a`. A link is relative to its
 * project. Undefined for other references.
 */
function pathOfReference(
  reference: string,
  project: string,
  lockfileDir: string,
): string | undefined {
  const [, protocol, path = ''] = /^(?:@?[^@:]+@)?(link|file):(.*)$/s.exec(reference) ?? [];
  if (protocol === 'link') return resolve(project, path);
  return protocol === 'file' ? localPath(bareKey(`file:${path}`), lockfileDir) : undefined;
}

function referencesOf(node: LockfileEdges): string[] {
  const { dependencies, devDependencies, optionalDependencies } = node;
  const values = [dependencies, devDependencies, optionalDependencies].flatMap((edges) =>
    Object.values(edges ?? {}),
  );
  return values
    .map((value: unknown) => (typeof value === 'string' ? value : fieldsIn(value)['version']))
    .filter((reference) => typeof reference === 'string');
}

function refusal(id: string, specifier: string): HookError {
  const { why, remedy } = localDependency(specifier);
  return notInspectedError(
    `${id} is refused, and nothing is installed: ${why}. What to do: ${remedy}`,
  );
}
