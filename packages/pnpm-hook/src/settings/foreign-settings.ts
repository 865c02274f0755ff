/*
 * Settings that a repository (its pnpm-workspace.yaml, .npmrc or package.json) must not make, because they would bypass the guard or
 * put packages outside of the project. pnpm does not say where a setting comes from. So the current value is compared with the user's
 * own files, variables and command line, and no file of the repository is read.
 */
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import {
  kebab,
  lookUpAll,
  pathOfSetting,
  pnpmCacheFolder,
  pnpmDataFolder,
  pnpmUserLayers,
  clientContext,
  type SettingsLayer,
  type ClientContext,
  PNPM_VERSIONS,
} from '@tarwarden/settings';
import { type HookError, notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { commandArguments } from './process-above.ts';
import type { Mirrors } from './runtimes.ts';

interface Folder {
  readonly key: string;
  /** The end of the sentence "Set by the repository, this …". */
  readonly why: string;
  /** Whether the project may choose a folder inside itself. */
  readonly mayBeInside?: boolean;
}

const FOLDERS: readonly Folder[] = [
  { key: 'storeDir', why: 'lets it put packages of its own instead of those that were inspected' },
  {
    key: 'globalVirtualStoreDir',
    why: 'lets it put packages of its own instead of those that were inspected',
  },
  { key: 'cacheDir', why: 'lets `pnpm dlx` run what the repository holds' },
  { key: 'virtualStoreDir', why: 'puts packages outside the project', mayBeInside: true },
  { key: 'modulesDir', why: 'puts packages outside the project', mayBeInside: true },
];

/** Settings that make pnpm 12 also install packages that are not from npm. The guard cannot inspect these. */
const OTHER_ECOSYSTEMS = ['cargo', 'python'];

/** Sets the settings with which pnpm compares the files of its store with their hashes, which pnpm noted when it unpacked them. */
export function enforce(config: PnpmConfig): void {
  config['verifyStoreIntegrity'] = true;
  config['strictStorePkgContentCheck'] = true;
  // No archive has the files that build scripts made, so they are not linked from the store. pnpm runs the scripts again.
  config['sideEffectsCache'] = false;
  config['sideEffectsCacheReadonly'] = false;
  config['sideEffectsCacheRead'] = false;
  config['sideEffectsCacheWrite'] = false;
}

/**
 * The user's mirrors of Node.
 * @throws HookError for a setting that only the user may make, and did not make.
 */
export function refuseForeignSettings(config: PnpmConfig): Mirrors {
  const user = new UserSettings(configuredFolder(config));
  const cache = pnpmCacheFolder(user.where);
  for (const folder of FOLDERS) {
    const value = config[folder.key];
    if (typeof value !== 'string' || value === '') continue;
    if (folder.key === 'cacheDir' && user.same(value, cache)) continue;
    if (folder.key === 'storeDir' && isPickedByPnpm(value, config)) continue;
    if (folder.mayBeInside === true && isInside(configuredFolder(config), value)) continue;
    // pnpm 10 with config dependencies shows the store with the version that it has appended.
    const plain = folder.key === 'storeDir' ? withoutVersion(value) : value;
    if (!user.says(folder.key, value) && !user.says(folder.key, plain))
      throw foreign(folder.key, value, folder.why);
  }
  for (const key of OTHER_ECOSYSTEMS) {
    const { enabled } = (config[key] ?? {}) as { enabled?: unknown };
    if (enabled !== undefined && enabled !== false)
      throw notInspectedError(
        `${key}.enabled: pnpm would install packages that are not from npm, which this release cannot inspect`,
      );
  }
  return ownMirrors(config, user);
}

/** Returns a check that refuses folders that another pnpmfile has set since, as if the repository had set them. */
export function watchFolders(config: PnpmConfig): (later: PnpmConfig) => void {
  const before = FOLDERS.map(({ key }) => config[key]);
  return (later) => {
    if (FOLDERS.some(({ key }, at) => later[key] !== before[at])) refuseForeignSettings(later);
  };
}

function ownMirrors(config: PnpmConfig, user: UserSettings): Mirrors {
  const mirrors: Record<string, string> = {};
  const raw = (config['rawConfig'] ?? {}) as Record<string, unknown>;
  for (const [key, value] of Object.entries(raw)) {
    const channel = /^node-mirror:(.+)/.exec(key)?.[1];
    if (channel !== undefined) mirrors[channel] = String(value);
  }
  const given = config['nodeDownloadMirrors'] ?? {};
  for (const [channel, value] of Object.entries(given)) mirrors[channel] = String(value);
  for (const [channel, value] of Object.entries(mirrors))
    if (!user.saysMirror(channel, value))
      throw foreign(
        `nodeDownloadMirrors.${channel}`,
        value,
        'lets it choose where the Node comes from that runs everything',
      );
  return mirrors;
}

function foreign(key: string, value: string, why: string): HookError {
  const name = kebab(key);
  return notInspectedError(
    `${key} is ${JSON.stringify(value)}, and your own configuration does not say so. Set by the repository, this ${why}. ` +
      `Remove it there (pnpm-workspace.yaml, .npmrc, package.json), or say it yourself: pnpm config set --location=global ${name} ${JSON.stringify(value)}`,
  );
}

class UserSettings {
  readonly where: ClientContext;
  #read: readonly SettingsLayer[] | undefined;

  /** @param folder The folder to which relative paths are relative. */
  constructor(folder: string) {
    this.where = clientContext({ folder, env: process.env });
  }

  says(key: string, value: string): boolean {
    const said = [...optionValues(key), ...this.#values(key)];
    return said.some((path) => typeof path === 'string' && path !== '' && this.same(path, value));
  }

  saysMirror(channel: string, value: string): boolean {
    const mirrors = this.#values('nodeDownloadMirrors').map(
      (all) => (all as Readonly<Record<string, unknown>> | null)?.[channel],
    );
    return [...mirrors, ...this.#values(`node-mirror:${channel}`)].includes(value);
  }

  /** Whether two paths are equal once pnpm has resolved them. */
  same(path: string, other: string): boolean {
    return this.path(path) === this.path(other);
  }

  path(text: string): string {
    return pathOfSetting(text, this.where);
  }

  #values(setting: string): readonly unknown[] {
    // A setting counts if any version of pnpm would use it.
    this.#read ??= PNPM_VERSIONS.flatMap((version) => pnpmUserLayers(version, this.where));
    return lookUpAll(this.#read, setting).flatMap(({ value, unknown }) =>
      unknown === undefined ? [value] : [],
    );
  }
}

/** The values of a setting in the options of the command. */
function optionValues(key: string): readonly (string | undefined)[] {
  const words = commandArguments();
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).flatMap((word, at) => {
    const [, option, , value] = /^--(?:config\.)?([\w-]+)(=(.*))?$/s.exec(word) ?? [];
    return option === kebab(key) || option === key ? [value ?? words[at + 1]] : [];
  });
}

/** Whether a store is at pnpm's default location. pnpm 10 with config dependencies shows the default as if it were a setting. */
function isPickedByPnpm(value: string, config: PnpmConfig): boolean {
  const project = configuredFolder(config);
  const store = withoutVersion(resolve(project, value));
  if (store === join(pnpmDataFolder(clientContext({ folder: project, env: process.env })), 'store'))
    return true;
  const top = dirname(store);
  return basename(store) === '.pnpm-store' && (top === project || isInside(top, project));
}

/** Removes the folder of the store's format, which pnpm appends to the configured folder. */
function withoutVersion(store: string): string {
  return store.replace(/[\\/]v\d+$/, '');
}

/** The folder to which relative settings are relative, and whose content comes from the project. */
function configuredFolder(config: PnpmConfig): string {
  const { lockfileDir, workspaceDir, dir } = config as Record<string, unknown>;
  const folders = [lockfileDir, workspaceDir, dir];
  return folders.find((folder) => typeof folder === 'string') ?? process.cwd();
}

/** Whether a path, links followed, is below a folder. */
function isInside(folder: string, path: string): boolean {
  const top = realAsFar(folder);
  const real = realAsFar(resolve(folder, path));
  return relative(top, real) !== '' && isWithin(top, real);
}
