/*
 * `node dist/ahead.cjs MAJOR STARTED ROOT...` inspects config dependencies. `tarwarden pnpm` runs it before pnpm, because pnpm unpacks
 * config dependencies and runs the code of some before it calls any hook. Exit 0: all are accepted. Exit 1: one is refused.
 */
import { resolve, join } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { tarballUrl } from '@tarwarden/host';
import {
  asRecord,
  lookUp,
  lookUpAll,
  pnpmLayersIn,
  readText,
  clientContext,
  type SettingsLayer,
  yamlValues,
} from '@tarwarden/settings';
import { inspectConfigDependencies, readPin } from './config-dependencies.ts';
import { Hook } from '../hook.ts';
import { HookError, reasonOf, notInspectedError } from '../messages.ts';
import { networkConfig } from '../settings/own-config.ts';
import type { PnpmConfig, PnpmResolution } from '../pnpm-shapes.ts';
import type { Session } from '../session.ts';
import { networkSettings } from '../settings/network-settings.ts';
import {
  registrySource,
  type PnpmSource,
  identityOf,
  pnpmSource,
  type LockfileContext,
} from '../source.ts';

const [major = '12', started = '.', ...given] = process.argv.slice(2);
const env = process.env;

/** A hook that gets the settings from this program, because pnpm does not run yet. */
class HookAhead extends Hook {
  readonly #ahead: Session;

  constructor(config: PnpmConfig) {
    super();
    this.#ahead = {
      engine: { major: Number(major) as Session['engine']['major'], version: major },
      settings: networkSettings(config),
      offline: false,
      architectures: undefined,
      everyPlatform: false,
      mirrors: {},
    };
  }

  override session(): Session {
    return this.#ahead;
  }
}

/** The settings of a folder that may be the project's root for pnpm. */
interface Root {
  readonly folder: string;
  readonly layers: readonly SettingsLayer[];
}

function rootAt(folder: string): Root {
  const where = clientContext({ folder: started, env });
  const layers = pnpmLayersIn(`${major}.99.0`, where, { workspace: folder, package: folder });
  for (const layer of layers) refuseUnreadable(layer);
  return { folder, layers };
}

/** Refuses a file of the project that cannot be read, because it may have config dependencies. JSON5 is read only if it is JSON. */
function refuseUnreadable(layer: SettingsLayer): void {
  const { unreadable } = layer;
  const from = layer.origin('');
  if (unreadable === undefined || from.kind !== 'file') return;
  if (!/(?:pnpm-workspace\.yaml|package\.(?:json5?|yaml))$/.test(from.file)) return;
  const text = readText(from.file)?.text ?? '\\';
  const isJson5 = from.file.endsWith('5');
  if (isJson5 && !/configDependencies|\\/.test(text)) return;
  throw notInspectedError(
    isJson5
      ? `${JSON.stringify(from.file)} may have config dependencies, which the guard does not read there: move them to pnpm-workspace.yaml`
      : `${unreadable}, so it is not known which config dependencies pnpm would run`,
  );
}

/** Folders that a setting makes the root instead: pnpm puts the lockfile there, and reads the config dependencies from it. */
function lockfileFolders({ folder, layers }: Root): readonly string[] {
  const value = lookUp(layers, 'lockfileDir')?.value;
  if (typeof value !== 'string') return [];
  return [folder, started].map((from) => resolve(from, value));
}

/** The user's settings for downloads, and the project's registries. Settings of inner folders override those of outer folders. */
function configOf(roots: readonly Root[]): PnpmConfig {
  const layers = roots.toReversed().flatMap((root) => root.layers);
  const config = networkConfig(layers);
  const registries = lookUpAll(layers, 'registries')
    .toReversed()
    .flatMap(({ value }) => Object.entries(asRecord(value)));
  return {
    ...config,
    registriesByScope: {
      default: 'https://registry.npmjs.org/',
      ...(config['registriesByScope'] as object),
      ...Object.fromEntries(registries),
    },
    userAgent: `pnpm/${major}`,
  };
}

/** Config dependencies that the settings of any root declare. */
function dependenciesOf(roots: readonly Root[]): readonly (readonly [string, unknown])[] {
  return roots
    .flatMap(({ layers }) => lookUpAll(layers, 'configDependencies'))
    .flatMap(({ value }) => Object.entries(asRecord(value)));
}

/** All packages that pnpm may unpack for a folder: those in settings, and those in the head of its lockfile. */
function declared(
  folder: string,
  dependencies: readonly (readonly [string, unknown])[],
  { settings }: Session,
): readonly PnpmSource[] {
  const head = major === '10' ? undefined : headOf(folder);
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

async function main(): Promise<void> {
  const named = given.map(rootAt);
  const folders = new Set([...given, ...named.flatMap(lockfileFolders)]);
  const hook = new HookAhead(configOf(named));
  const [first = '.'] = given;
  const guard = await hook.guard(first);
  // Even if the lockfile is in another folder, the settings are in the given ones.
  const dependencies = dependenciesOf(named);
  await guard.inspectAll(
    [...folders].flatMap((folder) => declared(folder, dependencies, hook.session())),
  );
  const configDependencies = Object.fromEntries(dependencies);
  for (const lockfileDir of folders)
    // oxlint-disable-next-line no-await-in-loop
    await inspectConfigDependencies({ lockfileDir, configDependencies }, hook);
  guard.flush();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = reasonOf(error).replace(/^tarwarden: /, '');
    const known = error instanceof HookError && error.reason === 'REJECTED';
    // The hook has reported a rejected package with its findings.
    if (!known) process.stderr.write(`tarwarden: ${printable(text)}\n`);
    process.stderr.write(
      'tarwarden: pnpm was not started: it would run config dependencies first\n',
    );
    process.exit(1);
  },
);

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
