import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { BUN_STATUS, GO_STATUS, NPM_STATUS, PNPM_STATUS, YARN_STATUS } from '@tarwarden/guard/run';
import { ANNOTATING, REPORT_VARIABLES, RUN_VARIABLES } from '@tarwarden/guard/report-variables';
import type { Manager } from './managers.ts';

/** The places in which a trial keeps everything that a manager writes. */
export interface TrialPlace {
  /** A folder that only `verify` uses. */
  readonly folder: string;
  readonly registry: string;
  /** The folder that `verify` was called in. */
  readonly cwd: string;
}

/** A manager that is tried, and where. */
export interface Trial {
  readonly manager: Manager;
  /** Programs of its name on the PATH, in order. */
  readonly programs: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly place: TrialPlace;
}

/** Variables by which an outer `npm run`, `npx` or `yarn run` describes the project to its children. */
const OF_A_RUN =
  /^(?:npm_(?:package|lifecycle)_|npm_(?:command|execpath|node_execpath|config_local_prefix|config_workspaces?)$|INIT_CWD$|PROJECT_CWD$|PNPM_SCRIPT_SRC_DIR$)/;

/** With these, pnpm would write into the folder of a user's project. */
const OF_PNPM_ELSEWHERE = /^p?npm_config_(?:workspace[-_]dir|lockfile[-_]dir|dir)$/i;

/** A wrapper around `verify` must not learn of the canary, and no report or annotation may list it. */
const CHANNELS: ReadonlySet<string> = new Set([
  ...[BUN_STATUS, GO_STATUS, NPM_STATUS, PNPM_STATUS, YARN_STATUS].flatMap(({ file, nonce }) => [
    file,
    nonce,
  ]),
  ...Object.values(ANNOTATING),
  ...Object.values(REPORT_VARIABLES),
  ...Object.values(RUN_VARIABLES),
]);

/**
 * The caller's environment with settings that keep a manager in the trial: registry, store, caches, and the folder that it
 * installs into. Variables that decide whether there is a guard stay as they are.
 */
export function trialEnvironment(
  manager: Manager,
  env: NodeJS.ProcessEnv,
  place: TrialPlace,
): NodeJS.ProcessEnv {
  const keptVariables = Object.entries(env).filter(([name]) => !OF_PNPM_ELSEWHERE.test(name));
  const base = ownPlaces(Object.fromEntries(keptVariables), place);
  if (manager === 'yarn') return set(yarnEnvironment(base, place), 'YARN_', TRIAL_YARNRC);
  if (manager === 'pnpm')
    return set(set(base, 'npm_config_', ofPnpm(place)), 'pnpm_config_', ofPnpm(place));
  const npm = set(base, 'npm_config_', ofNpm(place));
  return manager === 'bun' ? { ...npm, ...ofBun(place) } : npm;
}

/** The file that a trial of Yarn writes, whatever name the user has for such files. */
const TRIAL_YARNRC = { RC_FILENAME: '.yarnrc.yml' };

function yarnEnvironment(base: NodeJS.ProcessEnv, place: TrialPlace): NodeJS.ProcessEnv {
  return set(set(base, 'YARN_', ofYarn(place)), 'npm_config_', ofYarn1(place));
}

/** The environment in which a manager is asked in the user's project, so that it reads what an install there reads. */
export function askingEnvironment(
  manager: 'npm' | 'pnpm' | 'yarn',
  env: NodeJS.ProcessEnv,
  place: TrialPlace,
): NodeJS.ProcessEnv {
  if (manager === 'npm') return trialEnvironment('npm', env, place);
  const base = ownPlaces(env, place);
  if (manager === 'yarn') return yarnEnvironment(base, place);
  return {
    // pnpm 10 would download the version that package.json names.
    npm_config_manage_package_manager_versions: 'false',
    npm_config_package_manager_strict_version: 'true',
    pnpm_config_update_notifier: 'false',
    npm_config_update_notifier: 'false',
    ...base,
  };
}

/** The environment with places for everything that is not a setting. */
function ownPlaces(env: NodeJS.ProcessEnv, { folder, cwd }: TrialPlace): NodeJS.ProcessEnv {
  const temp = join(folder, 'tmp');
  const keptVariables = Object.entries(env).filter(
    ([name]) => !OF_A_RUN.test(name) && !CHANNELS.has(name),
  );
  const base: NodeJS.ProcessEnv = {
    ...Object.fromEntries(keptVariables),
    // Corepack keeps its downloads in the user's cache, and must not download them again.
    COREPACK_HOME: env['COREPACK_HOME'] ?? join(cacheHome(env), 'node', 'corepack'),
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    COREPACK_ENABLE_AUTO_PIN: '0',
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    TMPDIR: temp,
    TEMP: temp,
    TMP: temp,
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
    NO_PROXY: withLoopback(env['NO_PROXY'] ?? env['no_proxy']),
    no_proxy: withLoopback(env['no_proxy'] ?? env['NO_PROXY']),
  };
  delete base['FORCE_COLOR'];
  const path = pathName(base);
  base[path] = wholePath(base, cwd);
  return base;
}

/** The PATH with absolute folders. A relative folder and an empty one count from the folder that `verify` was called in. */
export function wholePath(env: NodeJS.ProcessEnv, cwd: string): string {
  const path = env[pathName(env)] ?? '';
  if (path === '') return path;
  return path
    .split(delimiter)
    .map((folder) => resolve(cwd, folder))
    .join(delimiter);
}

/** The variable that holds the PATH. Windows spells it `Path`. */
export function pathName(env: NodeJS.ProcessEnv): string {
  return Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}

function cacheHome(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  return xdg ?? local ?? join(homedir(), process.platform === 'win32' ? 'AppData/Local' : '.cache');
}

function withLoopback(list: string | undefined): string {
  return [list, '127.0.0.1', 'localhost']
    .filter((part) => part !== undefined && part !== '')
    .join(',');
}

/** Sets variables, and removes other spellings of them. A manager might read the wrong one. */
function set(
  env: NodeJS.ProcessEnv,
  prefix: string,
  values: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const plain = (name: string): string => name.toLowerCase().replaceAll('-', '_');
  const ours = new Set(Object.keys(values).map((name) => plain(prefix + name)));
  const otherVariables = Object.entries(env).filter(([name]) => !ours.has(plain(name)));
  const added = Object.entries(values).map(([name, value]) => [prefix + name, value] as const);
  return { ...Object.fromEntries(otherVariables), ...Object.fromEntries(added) };
}

function ofNpm({ folder, registry }: TrialPlace): Record<string, string> {
  return {
    registry: `${registry}/`,
    cache: join(folder, 'npm-cache'),
    logs_dir: join(folder, 'npm-logs'),
    noproxy: '127.0.0.1,localhost',
    global: 'false',
    location: 'user',
    dry_run: 'false',
    offline: 'false',
    prefer_offline: 'false',
    package_lock_only: 'false',
    audit: 'false',
    fund: 'false',
    update_notifier: 'false',
  };
}

function ofBun({ folder, registry }: TrialPlace): Record<string, string> {
  return {
    BUN_CONFIG_REGISTRY: `${registry}/`,
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun-cache'),
    BUN_INSTALL_GLOBAL_STORE: '0',
  };
}

function ofPnpm({ folder, registry }: TrialPlace): Record<string, string> {
  return {
    registry: `${registry}/`,
    store_dir: join(folder, 'pnpm-store'),
    cache_dir: join(folder, 'pnpm-cache'),
    state_dir: join(folder, 'pnpm-state'),
    modules_dir: 'node_modules',
    virtual_store_dir: 'node_modules/.pnpm',
    noproxy: '127.0.0.1,localhost',
    global: 'false',
    offline: 'false',
    prefer_offline: 'false',
    lockfile_only: 'false',
    frozen_lockfile: 'false',
    node_linker: 'isolated',
    update_notifier: 'false',
  };
}

function ofYarn({ folder, registry }: TrialPlace): Record<string, string> {
  return {
    NPM_REGISTRY_SERVER: registry,
    NPM_ALWAYS_AUTH: 'false',
    UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    // Yarn has no list of addresses that need no proxy.
    HTTP_PROXY: '',
    GLOBAL_FOLDER: join(folder, 'yarn-global'),
    CACHE_FOLDER: join(folder, 'yarn-cache'),
    // A relative path is in the trial's project anyway.
    INSTALL_STATE_PATH: join(folder, 'yarn-install-state.gz'),
    ENABLE_GLOBAL_CACHE: 'true',
    ENABLE_NETWORK: 'true',
    ENABLE_TELEMETRY: 'false',
    ENABLE_IMMUTABLE_INSTALLS: 'false',
    ENABLE_IMMUTABLE_CACHE: 'false',
    NODE_LINKER: 'node-modules',
  };
}

function ofYarn1({ folder, registry }: TrialPlace): Record<string, string> {
  return { registry: `${registry}/`, cache_folder: join(folder, 'yarn-cache') };
}
