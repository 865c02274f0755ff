/*
 * The document at the head of pnpm 11's and 12's lockfile, which pins config dependencies. Only the program that runs before pnpm uses
 * this file: the hook has no parser for YAML.
 */
import { join } from 'node:path';
import { asRecord, readText, yamlValues } from '@tarwarden/settings';
import { notInspectedError } from '../messages.ts';
import type { PnpmResolution } from '../pnpm-shapes.ts';
import { identityOf, pnpmSource, type LockfileContext, type PnpmSource } from '../source.ts';

export interface EnvLockfile {
  /** Config dependencies by name, as the lockfile resolved them. */
  readonly versions: ReadonlyMap<
    string,
    { readonly specifier: unknown; readonly version: unknown }
  >;
  readonly packages: Readonly<Record<string, unknown>>;
  readonly snapshots: Readonly<Record<string, unknown>>;
}

/** Undefined where the lockfile of a folder has no such document. @throws an error for one that is not YAML. */
export function headOf(folder: string): EnvLockfile | undefined {
  const file = join(folder, 'pnpm-lock.yaml');
  // Most lockfiles are one long document, so only a text that may be the head is parsed.
  const read = readText(file);
  if (read === undefined) return undefined;
  if (read.unreadable !== undefined) throw notInspectedError(read.unreadable);
  const [, head] =
    /^(?:[ \t]*(?:[#%].*)?\r?\n)*---(?=\s)(.*?)(?:\r?\n---(?:\s|$)|$)/s.exec(read.text) ?? [];
  if (head === undefined) return undefined;
  const { importers, packages, snapshots } = Object.fromEntries(yamlValues(head));
  const all = asRecord(asRecord(asRecord(importers)['.'])['configDependencies']);
  return {
    versions: new Map(
      Object.entries(all).map(([name, value]) => {
        const { specifier, version } = asRecord(value);
        return [name, { specifier, version }];
      }),
    ),
    packages: asRecord(packages),
    snapshots: asRecord(snapshots),
  };
}

/**
 * All packages that pnpm unpacks by it: config dependencies, and the optional packages that they need.
 * @throws HookError for a package that is not from a registry.
 */
export function pinnedBy(
  { versions, packages, snapshots }: EnvLockfile,
  context: LockfileContext,
): PnpmSource[] {
  const keys = new Set([...versions].map(([name, { version }]) => `${name}@${String(version)}`));
  // The loop also visits the keys that are added during it.
  for (const key of keys) {
    const needed = asRecord(asRecord(snapshots[key])['optionalDependencies']);
    for (const [name, version] of Object.entries(needed)) keys.add(`${name}@${String(version)}`);
  }
  return [...keys].map((key) => {
    const resolution = asRecord(asRecord(packages[key])['resolution']) as PnpmResolution;
    const source = pnpmSource(identityOf(key), resolution, context);
    if (source !== undefined) return source;
    throw notInspectedError(`the config dependency ${key} is not a package from a registry`);
  });
}
