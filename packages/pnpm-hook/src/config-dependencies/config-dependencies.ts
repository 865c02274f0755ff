/*
 * pnpm unpacks config dependencies before it loads a pnpmfile, so no hook can inspect them first. So this file inspects the tarball of
 * each before pnpm resolves or runs anything else. pnpm has compared the tarball with the same hash. If one is refused, the guard removes
 * all of them. If it is a plugin, pnpm may have run it already, and the message says so.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collisionFree, realOrSame, tarballUrl } from '@tarwarden/guard';
import { asRecord, readText, yamlValues } from '@tarwarden/clients/settings';
import type { Guard, GuardingHook } from '../inspection/guard.ts';
import { HookError, reasonOf, notInspectedError } from '../messages.ts';
import type { PnpmConfig, PnpmResolution } from '../pnpm-shapes.ts';
import type { Session } from '../session.ts';
import {
  identityOf,
  pnpmSource,
  registrySource,
  type LockfileContext,
  type PnpmSource,
} from '../source.ts';

/**
 * Inspects the packages that pnpm has unpacked in `node_modules/.pnpm-config`.
 * @throws HookError if one is refused. Then the folder is removed.
 */
export async function inspectConfigDependencies(
  config: PnpmConfig,
  hook: Pick<GuardingHook, 'guard' | 'refusals' | 'session'>,
): Promise<void> {
  const root = [config['lockfileDir'], config['rootProjectManifestDir'], config['workspaceDir']]
    .concat(config['dir'])
    .find((folder) => typeof folder === 'string');
  if (root === undefined) return;
  const folder = join(root, 'node_modules/.pnpm-config');
  try {
    const dependencies = Object.entries(asRecord(config['configDependencies']));
    const sources = configDependencySources(root, dependencies, hook.session());
    const guard = await hook.guard(root);
    const otherSources = sources.filter(({ expected }) => !isOurs(folder, expected?.name));
    const results = await Promise.allSettled(otherSources.map((source) => inspect(source, guard)));
    guard.flush();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw hook.refusals.add(
      notInspectedError(
        `${reasonOf(error).replace('tarwarden: ', '')}. It is a config dependency, which pnpm unpacked before this hook. All of them are now removed; if it is a ` +
          'plugin (pnpm-plugin-*), pnpm may have loaded it before. Remove it from configDependencies',
        { cause: error },
      ),
    );
  }
}

/** Whether a config dependency is the package of this hook. */
function isOurs(folder: string, name: string | undefined): boolean {
  return name !== undefined && realOrSame(join(folder, name)) === dirname(__dirname);
}

async function inspect(source: PnpmSource, guard: Guard): Promise<void> {
  if (collisionFree(source.integrity) === undefined)
    throw notInspectedError(
      `no SHA-512 in the settings or in pnpm-lock.yaml says which archive of ${source.id} pnpm unpacked`,
    );
  const { verdict } = await guard.inspect(source);
  if (verdict.status === 'accept') return;
  const why = `${source.id} is rejected, and report mode does not let it pass, because pnpm runs its code`;
  throw new HookError('REJECTED', why);
}

/** All packages that pnpm may unpack for a folder: those in settings, and those in the head of its lockfile. */
export function configDependencySources(
  folder: string,
  dependencies: readonly (readonly [string, unknown])[],
  { engine, settings }: Session,
): readonly PnpmSource[] {
  const head = engine.major === 10 ? undefined : headOf(folder);
  const locked = head === undefined ? [] : pinnedBy(head, { settings, lockfileDir: folder });
  const direct = dependencies.flatMap(([name, value]): PnpmSource[] => {
    const { text, version, integrity, tarball } = readPin(value);
    if (integrity === undefined && head?.versions.get(name)?.specifier === text) return [];
    const url = tarball ?? tarballUrl(name, version, settings);
    if (url === undefined || !/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version))
      throw notInspectedError(
        `the config dependency ${name} is ${JSON.stringify(text)}, and no lockfile says which package that is. Write its version there: ` +
          `pnpm view ${JSON.stringify(name)} version dist.integrity`,
      );
    return [registrySource({ name, version }, { url, integrity })];
  });
  return [...direct, ...locked];
}

/** Reads a setting that pins a config dependency: `1.2.3+sha512-…`, or an object with such an `integrity` and a `tarball`. */
function readPin(value: unknown): {
  readonly text: string;
  readonly version: string;
  readonly integrity: string | undefined;
  readonly tarball: string | undefined;
} {
  const { tarball, integrity: pinned } = (
    typeof value === 'object' && value !== null ? value : { integrity: value }
  ) as { tarball?: unknown; integrity?: unknown };
  const text = String(pinned);
  const [, version = '', integrity] = /^([^+]*)(?:\+(.*))?$/s.exec(text) ?? [];
  return { text, version, integrity, tarball: typeof tarball === 'string' ? tarball : undefined };
}

interface EnvLockfile {
  /** Config dependencies by name, as the lockfile resolved them. */
  readonly versions: ReadonlyMap<
    string,
    { readonly specifier: unknown; readonly version: unknown }
  >;
  readonly packages: Readonly<Record<string, unknown>>;
  readonly snapshots: Readonly<Record<string, unknown>>;
}

/** Undefined where the lockfile of a folder has no such document. @throws an error for one that is not YAML. */
function headOf(folder: string): EnvLockfile | undefined {
  const file = join(folder, 'pnpm-lock.yaml');
  // Most lockfiles are one long document, so only a text that may be the head is parsed.
  const lockfile = readText(file);
  if (lockfile === undefined) return undefined;
  if (lockfile.unreadable !== undefined) throw notInspectedError(lockfile.unreadable);
  const [, head] =
    /^(?:[ \t]*(?:[#%].*)?\r?\n)*---(?=\s)(.*?)(?:\r?\n---(?:\s|$)|$)/s.exec(lockfile.text) ?? [];
  if (head === undefined) return undefined;
  const { importers, packages, snapshots } = Object.fromEntries(yamlValues(head));
  const dependencies = asRecord(asRecord(asRecord(importers)['.'])['configDependencies']);
  return {
    versions: new Map(
      Object.entries(dependencies).map(([name, value]) => {
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
function pinnedBy(
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
