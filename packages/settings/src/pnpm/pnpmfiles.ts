/* Finds the pnpmfiles that pnpm loads in a folder. A guard in a pnpmfile depends on it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asRecord, readManifest } from '../files.ts';
import { lookUp, type SettingOrigin, type Layers } from '../layer.ts';
import type { ClientContext } from '../where.ts';
import { majorOf, pnpmFolders, pnpmLayersIn, type PnpmFolders } from './settings.ts';
import { parse, satisfies, valid, validRange } from 'semver';

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
  /** Why it is not known which pnpmfiles it loads. */
  readonly problem: string | undefined;
  /** Variables, and the files of the project. */
  readonly layers: Layers;
  /** The pnpm that the project wants instead of this one. */
  readonly other: OtherPnpm | undefined;
}

/** For each workspace that a version of pnpm may take: one, unless it is not known whether the package belongs to it. */
export function pnpmLoading(version: string, where: ClientContext): readonly PnpmLoading[] {
  return pnpmFolders(version, where).map((folders) => loadingIn(version, where, folders));
}

function loadingIn(version: string, where: ClientContext, folders: PnpmFolders): PnpmLoading {
  const layers = pnpmLayersIn(version, where, folders).filter((layer) => {
    const origin = layer.origin('');
    return origin.kind !== 'file' || origin.author === 'project';
  });
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
    problem: problemOf(version, layers),
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

function problemOf(version: string, layers: Layers): string | undefined {
  const unreadable = layers.find((layer) => layer.unreadable !== undefined);
  if (unreadable !== undefined)
    return `${originName(unreadable.origin(''))}: ${unreadable.unreadable}`;
  const by = (setting: string): string => originName(lookUp(layers, setting)!.origin);
  const value = (setting: string): unknown => lookUp(layers, setting)?.value ?? null;
  if (majorOf(version) === 11 && isOff(value('sharedWorkspaceLockfile')))
    return `${by('sharedWorkspaceLockfile')}: sharedWorkspaceLockfile is false: pnpm 11 then does not load the pnpmfile of the workspace (10 and 12 do: name one in packageManager)`;
  if (majorOf(version) > 11 && value('include') !== null)
    return `${by('include')}: include names settings in other files and packages, which this check does not read`;
  return undefined;
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

/** Another pnpm than the one that is started. */
interface OtherPnpm {
  /** A version or a range. */
  readonly wanted: string;
  /** Whether it runs then. If not, pnpm stops. */
  readonly isDownloaded: boolean;
}

/** Undefined if this version goes on by itself. */
function wantedPnpm(version: string, root: string, layers: Layers): OtherPnpm | undefined {
  const { wanted, onFail } = wantedIn(readManifest(root), majorOf(version));
  if (wanted === undefined || isSatisfied(version, wanted)) return undefined;
  const action = settingOf(version, layers) ?? onFail ?? 'download';
  if (action !== 'download' && action !== 'error') return undefined;
  return { wanted, isDownloaded: action === 'download' };
}

interface WantedVersion {
  readonly wanted?: string;
  readonly onFail?: unknown;
}

/** pnpm 10 knows `packageManager` alone. Later versions take `devEngines` first. */
function wantedIn(manifest: Manifest, major: number): WantedVersion {
  const { packageManager, devEngines } = manifest;
  const engines = major < 11 ? undefined : asRecord(devEngines)['packageManager'];
  const all = [engines].flat().map(asRecord);
  const at = Math.max(
    all.findIndex(({ name }) => name === 'pnpm'),
    0,
  );
  const { name, version, onFail } = all[at] ?? {};
  if (Boolean(name) && name !== 'pnpm') return {};
  const usual = Array.isArray(engines)
    ? { onFail: at === all.length - 1 ? 'error' : 'ignore' }
    : {};
  const range = typeof version === 'string' ? version.replace(/\+.*$/, '') : undefined;
  if (name === 'pnpm' && range !== undefined && validRange(range) !== null)
    return { wanted: range, ...usual, ...(onFail !== undefined && { onFail }) };
  // Where the range is none, pnpm 12 takes this, unlike pnpm 11.
  const text = typeof packageManager === 'string' ? packageManager : '';
  const exact = valid(/^pnpm@([^+:]+)(?:\+.*)?$/.exec(text)?.[1] ?? '');
  return exact === null ? {} : { wanted: exact };
}

type Manifest = Readonly<Record<string, unknown>>;

/** A newest version of a kind (`11.99.0`) stands for all of them. */
function isSatisfied(version: string, wanted: string): boolean {
  return (
    version === wanted || satisfies(version, wanted, { includePrerelease: parse(wanted) === null })
  );
}

/** The word of the settings. pnpm 10 has a switch for it, and pnpm 12 still takes that from a variable. */
function settingOf(version: string, layers: Layers): unknown {
  const major = majorOf(version);
  const keeps = lookUp(layers, 'managePackageManagerVersions');
  const isOff = keeps?.value === false;
  if (major < 11) return isOff ? 'ignore' : undefined;
  const isCounted = major > 11 && keeps?.origin.kind === 'variable';
  return lookUp(layers, 'pmOnFail')?.value ?? (isCounted && isOff ? 'ignore' : undefined);
}
