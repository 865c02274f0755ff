/* Finds the pnpmfiles that pnpm loads in a folder. A guard in a pnpmfile depends on it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asRecord } from '../files.ts';
import { lookUp, type SettingOrigin, type Layers } from '../layer.ts';
import type { ClientContext } from '../where.ts';
import { pnpmFolders, pnpmLayersIn, type PnpmFolders } from './layers.ts';
import { majorOf } from './version.ts';
import { wantedPnpm, type OtherPnpm } from './wanted.ts';

/** A reason why pnpm does not load the pnpmfiles that it seems to load, or why that is not known. */
export interface Obstacle {
  readonly kind: 'unreadable' | 'ignored' | 'elsewhere' | 'in-each-package' | 'settings-elsewhere';
  /** The file or the variable. */
  readonly by: string;
  readonly message: string;
}

/** The pnpmfiles and plugins that pnpm loads. */
export interface PnpmLoading {
  /** The folder in which it looks for the project's pnpmfile. */
  readonly folder: string;
  /** Absolute paths of the project's pnpmfiles, in their order, without those of config dependencies. */
  readonly pnpmfiles: readonly string[];
  /** The file or variable that names them. Undefined for the pnpmfile that pnpm finds by itself. */
  readonly namedBy: string | undefined;
  /** Names of the config dependencies. The pnpmfile of a plugin among them is loaded before the project's. */
  readonly configDependencies: readonly string[];
  readonly obstacles: readonly Obstacle[];
  readonly layers: Layers;
  /** The pnpm that the project wants instead of this one. */
  readonly other: OtherPnpm | undefined;
}

/** For each workspace that a version of pnpm may take: one, unless it is not known whether the package belongs to it. */
export function pnpmLoading(version: string, where: ClientContext): readonly PnpmLoading[] {
  return pnpmFolders(version, where).map((folders) => loadingIn(version, where, folders));
}

function loadingIn(version: string, where: ClientContext, folders: PnpmFolders): PnpmLoading {
  const layers = pnpmLayersIn(version, where, folders);
  const value = (setting: string): unknown => lookUp(layers, setting)?.value;
  const root = folders.workspace ?? folders.package;
  const lockfileDir = value('lockfileDir');
  const named = lookUp(layers, 'pnpmfile');
  const folder =
    typeof lockfileDir === 'string' && lockfileDir !== '' ? resolve(root, lockfileDir) : root;
  const files = [named?.value ?? []]
    .flat()
    .map((file) => resolve(folder, typeof file === 'string' ? file : JSON.stringify(file)));
  return {
    folder,
    pnpmfiles: files.length > 0 ? files : ownPnpmfile(version, folder),
    namedBy: files.length > 0 && named !== undefined ? originName(named.origin) : undefined,
    configDependencies: Object.keys(asRecord(value('configDependencies'))),
    obstacles: obstaclesOf(version, layers, { root, folder }),
    layers,
    other: wantedPnpm(version, folder, layers) ?? wantedPnpm(version, root, layers),
  };
}

/** From 11 on, pnpm prefers the module. */
function ownPnpmfile(version: string, folder: string): readonly string[] {
  const names = majorOf(version) < 11 ? ['.pnpmfile.cjs'] : ['.pnpmfile.mjs', '.pnpmfile.cjs'];
  const file = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  return file === undefined ? [] : [file];
}

function obstaclesOf(
  version: string,
  layers: Layers,
  { root, folder }: { readonly root: string; readonly folder: string },
): Obstacle[] {
  const obstacles = layers.flatMap((layer): Obstacle[] => {
    const { unreadable: message } = layer;
    return message === undefined
      ? []
      : [{ kind: 'unreadable', by: originName(layer.origin('')), message }];
  });
  const value = (setting: string): unknown => lookUp(layers, setting)?.value;
  const add = (kind: Obstacle['kind'], setting: string, message: string): void =>
    void obstacles.push({ kind, by: originName(lookUp(layers, setting)!.origin), message });
  // For pnpm 10 and 11 any text is on, `"false"` too.
  if (value('ignorePnpmfile'))
    add('ignored', 'ignorePnpmfile', 'it makes pnpm ignore every pnpmfile');
  if (folder !== root)
    add(
      'elsewhere',
      'lockfileDir',
      `lockfileDir is ${JSON.stringify(value('lockfileDir'))}: pnpm looks for the pnpmfile in that folder`,
    );
  if (majorOf(version) === 11 && isOff(value('sharedWorkspaceLockfile')))
    add(
      'in-each-package',
      'sharedWorkspaceLockfile',
      'sharedWorkspaceLockfile is false: pnpm 11 then does not load the pnpmfile of the workspace (10 and 12 do: name one in packageManager)',
    );
  if (majorOf(version) > 11 && (value('include') ?? null) !== null)
    add(
      'settings-elsewhere',
      'include',
      'include names settings in other files and packages, which this check does not read',
    );
  return obstacles;
}

const isOff = (value: unknown): boolean => value === false || value === 'false';

function originName(origin: SettingOrigin): string {
  if (origin.kind === 'file') return origin.file;
  return origin.kind === 'default' ? '' : origin.name;
}

/** The pnpmfile of a config dependency. Undefined if the package is not a plugin by its name, so that pnpm does not load it. */
export function pluginPnpmfile(folder: string, name: string): string | undefined {
  if (!/^(?:pnpm-plugin-|@pnpm\/plugin-|@[^/]+\/pnpm-plugin-)/.test(name)) return undefined;
  const files = ['pnpmfile.mjs', 'pnpmfile.cjs'].map((file) =>
    join(folder, 'node_modules/.pnpm-config', name, file),
  );
  return files.find((file) => existsSync(file)) ?? files[1];
}
