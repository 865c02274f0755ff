/*
 * Reads the bunfig.toml files of a run, and writes the files that replace them. bun uses the scanner of only one file, and prefers the
 * project's file to the user's. Some settings of the project must not reach the scanner's process, which would run their `preload`. The
 * environment of a guarded bun names these files.
 */
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { stringify } from 'smol-toml';
import { printable } from '@tarwarden/core/text';
import { folderNames, homeFolder } from '@tarwarden/guard';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import {
  asRecord,
  BUNFIG,
  bunfigTables,
  bunRoot,
  bunUserFiles,
  readText,
  USER_BUNFIG,
  type BunfigTables,
} from '@tarwarden/clients/settings';
import type { BunCommand } from '@tarwarden/clients/bun/command-line';

type Table = BunfigTables;

export class BunfigError extends Error {
  override readonly name = 'BunfigError';
}

export interface Bunfig {
  /** The path of the file, which need not exist. */
  readonly path: string;
  readonly settings: Table;
}

export function userBunfig(env: NodeJS.ProcessEnv): Bunfig {
  const { bunfig } = bunUserFiles({ env, folder: '/', platform: process.platform });
  return bunfig === undefined
    ? { path: join(homeFolder(env), USER_BUNFIG), settings: {} }
    : readBunfig(bunfig);
}

/** The file of the project around `cwd`, beside the package.json that bun uses as the root. */
export function projectBunfig(cwd: string): Bunfig {
  return readBunfig(join(bunRoot(cwd), BUNFIG));
}

function readBunfig(path: string): Bunfig {
  const file = readText(path);
  if (file === undefined) return { path, settings: {} };
  if (file.unreadable !== undefined) throw new BunfigError(printable(file.unreadable, 4096));
  try {
    return { path, settings: withPath(bunfigTables(file.text), dirname(path)) };
  } catch (error) {
    throw new BunfigError(
      `${printable(path, 4096)} cannot be read: ${printable((error as Error).message.split('\n')[0] ?? '')}`,
    );
  }
}

/** Makes paths absolute: bun reads a path relative to its file, and the replacing file is in another folder. */
function withPath(settings: Table, folder: string): Table {
  const install = asRecord(settings['install']);
  const { cafile } = install;
  return typeof cafile === 'string' && /^[^~]/.test(cafile)
    ? { ...settings, install: { ...install, cafile: resolve(folder, cafile) } }
    : settings;
}

/** The scanner that a file names, as the file spells it. */
export function scannerOf({ settings }: Bunfig): string | undefined {
  const { scanner } = asRecord(asRecord(settings['install'])['security']);
  return typeof scanner === 'string' && scanner !== '' ? scanner : undefined;
}

/** Whether a file switches bun's cache off. The guard needs the cache to see which packages bun unpacked by itself. */
export function hasNoCache({ settings }: Bunfig): boolean {
  return asRecord(asRecord(settings['install'])['cache'])['disable'] === true;
}

/**
 * The module that bun would load as this scanner: a path, or the name of an installed package.
 * @throws BunfigError if there is no such module.
 */
export function resolveScanner(scanner: string, folder: string): string {
  const isPath = isAbsolute(scanner) || /^\.\.?[/\\]/.test(scanner);
  const module = isPath
    ? [resolve(folder, scanner)].find((path) => existsSync(path))
    : packageModule(scanner, folder);
  if (module !== undefined) return module;
  throw new BunfigError(
    `the security scanner ${printable(scanner)} of the settings is not there yet, so that it cannot be asked beside tarwarden; install it first, in a folder above the project or by its path, or take it out of the settings`,
  );
}

function packageModule(name: string, start: string): string | undefined {
  if (!/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name)) return undefined;
  const isThere = (folder: string): boolean =>
    existsSync(join(folder, 'node_modules', name, 'package.json'));
  return foldersAbove(start).some(isThere) ? name : undefined;
}

interface GuardedSettings {
  /** Folder that replaces the user's XDG_CONFIG_HOME. */
  readonly folder: string;
  /** The module that bun imports as the scanner. Undefined if bun must fetch nothing. */
  readonly scanner: string | undefined;
  /** A file that replaces the user's .npmrc. */
  readonly npmrc?: string | undefined;
}

/**
 * The URL with which bun imports a module: a data: URL with the text. A path or a file: URL could be redirected by `paths` in the project's
 * tsconfig.json.
 */
export function moduleAddress(text: Buffer): string {
  return `data:text/javascript;base64,${text.toString('base64')}`;
}

/** Makes a folder of settings: links to the user's own entries, and a bunfig with our scanner. */
export function writeUserSettings(
  { folder, scanner, npmrc }: GuardedSettings,
  { settings }: Bunfig,
  env: NodeJS.ProcessEnv,
): void {
  mkdirSync(folder, { mode: 0o700 });
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  const ownFolder = isAbsolute(xdg) ? xdg : join(homeFolder(env), '.config');
  // bun looks for an .npmrc there only if the variable says so.
  const keepsNpmrc = npmrc === undefined && ownFolder === xdg;
  const replaced = [USER_BUNFIG, ...(keepsNpmrc ? [] : ['.npmrc'])];
  for (const name of folderNames(ownFolder))
    if (!replaced.includes(name)) symlinkSync(join(ownFolder, name), join(folder, name));
  if (npmrc !== undefined) copyFileSync(npmrc, join(folder, '.npmrc'));
  write(join(folder, USER_BUNFIG), withScanner(settings, scanner));
}

/** Tables of a project's file that are kept in a guarded install. The others would load or change code in the scanner's process. */
const TAKEN: ReadonlySet<string> = new Set(['install', 'run', 'logLevel', 'telemetry']);

/** The project's settings with our scanner, and without code that would run in its process. */
export function writeProjectSettings(
  path: string,
  { settings }: Bunfig,
  scanner: string | undefined,
): void {
  const keptTables = Object.entries(settings).filter(([name]) => TAKEN.has(name));
  write(path, withScanner(Object.fromEntries(keptTables), scanner));
}

function withScanner(settings: Table, scanner: string | undefined): Table {
  const install = asRecord(settings['install']);
  const { dir: _, ...cacheSettings } = asRecord(install['cache']);
  const { scanner: __, ...otherSecurity } = asRecord(install['security']);
  const security = scanner === undefined ? otherSecurity : { ...otherSecurity, scanner };
  // Without this setting, `cache=false` in an .npmrc would make bun unpack its own download into node_modules/.cache.
  const cache = { ...cacheSettings, disable: false };
  return { ...settings, install: { ...install, cache, security } };
}

/** Settings without credentials for registries. */
export function withoutSecrets({ path, settings }: Bunfig): Bunfig {
  const { registry, scopes, ...install } = asRecord(settings['install']);
  const entries = Object.entries(asRecord(scopes)).map(([scope, value]) => [
    scope,
    withoutSecret(value),
  ]);
  return {
    path,
    settings: {
      ...settings,
      install: {
        ...install,
        ...(registry !== undefined && { registry: withoutSecret(registry) }),
        ...(scopes !== undefined && { scopes: Object.fromEntries(entries) as Table }),
      },
    },
  };
}

function withoutSecret(registry: unknown): unknown {
  const url = typeof registry === 'string' ? registry : asRecord(registry)['url'];
  return typeof url === 'string' ? { url: url.replace(/\/\/[^/@]*@/, '//') } : {};
}

function write(path: string, settings: Table): void {
  writeFileSync(path, stringify(settings), { mode: 0o600, flag: 'wx' });
}

/** The variable with which our scanner finds the user's own scanner. */
export const OTHER_SCANNER = 'TARWARDEN_BUN_OTHER_SCANNER';

/** A module that does nothing when it is loaded, and that no setting of the project can replace. */
const NOTHING = 'node:path';

/** Variables with which a .env file of the project could load code into the scanner's process. bun treats '' as unset. */
const LOADERS =
  'LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES BUN_INSPECT BUN_INSPECT_CONNECT_TO BUN_INSPECT_NOTIFY';

export interface BunSettings {
  readonly user: Bunfig;
  /** Absent if bun does not read the project's file. */
  readonly project?: Bunfig;
  /** The scanner that bun asks after ours. */
  readonly other?: string | undefined;
  /** The module that bun imports as our scanner. Undefined if bun must fetch nothing. */
  readonly scanner: string | undefined;
}

interface EnvironmentContext extends Pick<BunCommand, 'kind'> {
  readonly copiesTemplate?: boolean;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** A file that replaces the user's .npmrc. */
  readonly npmrc?: string | undefined;
}

/** The environment in which bun loads our scanner, and no code of the project. */
export function environment(
  { user, project, other, scanner }: BunSettings,
  { kind, copiesTemplate, folder, env, npmrc }: EnvironmentContext,
): NodeJS.ProcessEnv {
  const settings = join(folder, 'config');
  writeUserSettings({ folder: settings, scanner, npmrc }, user, env);
  const bunEnv: NodeJS.ProcessEnv = {
    ...env,
    XDG_CONFIG_HOME: settings,
    BUN_INSTALL_GLOBAL_STORE: '0',
    BUN_CONFIG_NO_VERIFY: '0',
    [OTHER_SCANNER]: other ?? '',
  };
  if (kind === 'run') return bunEnv;
  bunEnv['BUN_INSPECT_PRELOAD'] ??= NOTHING;
  for (const name of LOADERS.split(' ')) bunEnv[name] ??= '';
  let config = copiesTemplate === true ? join(settings, USER_BUNFIG) : undefined;
  if (project !== undefined) {
    config = join(folder, 'bunfig.toml');
    writeProjectSettings(config, project, scanner);
  }
  bunEnv['BUN_OPTIONS'] = [
    ...(config === undefined ? [] : [`--config=${config}`]),
    // A .env file of the repository could say where packages come from, and whether bun verifies them.
    ...(kind === 'bunx' ? [] : ['--no-env-file']),
    ...[ownOptions(env)].filter((options) => options !== ''),
  ].join(' ');
  return bunEnv;
}

/** The user's options for every bun, without those of a guarded run around this one. @throws Error if they name another bunfig. */
function ownOptions({ BUN_OPTIONS: options = '' }: NodeJS.ProcessEnv): string {
  const userOptions = options.replace(
    /--config=\S+\/tarwarden-bun-[^\s/]+\/(?:config\/\.)?bunfig\.toml\s*/g,
    '',
  );
  if (/(?:^|\s)(?:-c|--config)/.test(userOptions))
    throw new Error(
      'BUN_OPTIONS names another bunfig, which could replace the scanner of the guard',
    );
  if (/(?:^|\s)--(?:env-file|no-verify)/.test(userOptions))
    throw new Error('BUN_OPTIONS has --env-file or --no-verify, which no guarded install takes');
  return userOptions;
}
