import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from '@tarwarden/guarded-run';
import { nearestWith } from '@tarwarden/host/folders-above';
import { homeFolder } from '@tarwarden/host/home-folder';
import {
  asRecord,
  kebab,
  lookUp,
  lookUpAll,
  pnpmCacheFolder,
  pnpmDataFolder,
  pnpmLayers,
  pnpmStateFolder,
  pnpmUserLayers,
  readText,
  clientContext,
  yamlValues,
  type SettingsLayer,
  type SettingValues,
  type ClientContext,
  PNPM_VERSIONS,
} from '@tarwarden/settings';
import { pathFrom } from '../paths.ts';
import { ConfineError } from '../refusal.ts';
import { refuseElsewhere, type Named } from '../settings.ts';
import { has, valueOf, type Call, type Client, type Project, type Step } from './client.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const INSTALLS = words(
  'install i add update up upgrade remove rm uninstall un dedupe ci clean-install ic install-clean prune fetch',
);
const REBUILDS = words('rebuild rb');
/** What has scripts between two downloads, or writes where programs are looked for. */
const NEITHER = words(
  'link ln unlink dislink install-test it deploy patch-commit patch-remove approve-builds self-update setup env with runtime rt',
);

/** Options before the command that have their value as the next argument. */
const WITH_VALUE = words(
  '-C --dir -F --filter --filter-prod --loglevel --pm-on-fail --registry --reporter --store-dir --workspace-concurrency',
);

/** Bytes of the list of packages that pnpm installed. */
const LOCKFILE_BYTES_MAX = 64 * 1024 * 1024;

/** Copies, and no second name for a file of the store: a script could change that by its own path. */
const COPY = '--config.package-import-method=clone-or-copy';
/** Nothing is fetched, so that what was checked before needs no second check, which pnpm 12 does by the network. */
const UNCHANGED = [
  'offline=true',
  'side-effects-cache=false',
  'minimum-release-age=0',
  'trust-policy=off',
].map((setting) => `--config.${setting}`);

/** pnpm 12 has these in /tmp, whatever TMPDIR says, with the number of the user behind the name. */
const LOCKS = ['pnpm-dir-locks', 'pnpm-store-operation-locks', 'pnpm-verify-deps-install-locks'];
const NO_SCRIPTS = '--config.ignore-scripts=true';

export const pnpm: Client = {
  root: rootOf,
  folders,
  locks: () => LOCKS.map((name) => `/tmp/${name}-${process.getuid?.() ?? 0}`),
  // pnpm looks for a store by making links in the home folder, and makes one in the project where it cannot.
  env: (project) => {
    if (named(project).some(({ by, value }) => by.startsWith('store') && value !== undefined))
      return {};
    const store = storeBeside(project)[0] ?? storeOf(project);
    return storeVariables(store);
  },
  *steps(project) {
    const { args } = project;
    refuseOtherFolders(project);
    const at = commandAt(args);
    const command = args[at] ?? '';
    if (has(args, '-g', '--global'))
      throw new ConfineError(
        'a global install writes where programs are looked for; it cannot be confined',
      );
    if (NEITHER.has(command))
      throw new ConfineError(
        `"pnpm ${command}" mixes downloads and scripts, or changes pnpm itself`,
      );
    const before = args.slice(0, at);
    if (INSTALLS.has(command)) yield* install(project, [...before, command], args.slice(at + 1));
    else if (REBUILDS.has(command)) yield { args, phase: 'scripts' };
    else yield { args, phase: 'whole' };
  },
};

/**
 * Variables that name a store. Where scripts run it is an empty one: pnpm opens the list of its store to write, and needs nothing
 * of it there.
 */
export function storeVariables(store: string): NodeJS.ProcessEnv {
  return { npm_config_store_dir: store, pnpm_config_store_dir: store };
}

/** Puts one text in the place of another. */
const REPLACE = 'text.replaceAll(one, other)';
/** Takes a package out of those whose scripts are to be run: pnpm 10 and 11 leave it there. */
const BUILT =
  'JSON.stringify(JSON.parse(text, (key, value) => key === "pendingBuilds" ? value.filter((id) => !id.startsWith(one + "@")) : value), null, 2)';

/** What changes the file in which pnpm keeps the state of node_modules. Scripts may have put a link there. */
function written(root: string, change: string, ...args: readonly string[]): Command {
  const file = join(root, 'node_modules/.modules.yaml');
  const script = `const fs = require('node:fs'); const [file, one, other] = process.argv.slice(1); const text = fs.readFileSync(file, 'utf8'); fs.writeFileSync(file, ${change})`;
  return { file: process.execPath, args: ['-e', script, file, ...args] };
}

/** What puts the name of the real store back into node_modules. */
export function mendedStore(project: Project, from: string): Command {
  const to = JSON.stringify(storeBeside(project)[0] ?? storeOf(project)).slice(1, -1);
  return written(project.root, REPLACE, from, to);
}

function* install(
  project: Project,
  command: readonly string[],
  rest: readonly string[],
): Generator<Step> {
  yield { args: [...command, COPY, NO_SCRIPTS, ...rest], phase: 'fetch' };
  if (wantsNoScripts(project)) return;
  const before = command.slice(0, -1);
  const rebuild = (names: readonly string[]): string[] => [
    ...before,
    ...UNCHANGED,
    'rebuild',
    ...names,
  ];
  for (const name of project.networkPackages) {
    if (!isPending(project.root, name)) continue;
    const shell = `--config.script-shell=${userSetting(project, 'scriptShell') ?? '/bin/sh'}`;
    yield { args: rebuild([shell, name]), phase: 'scripts', network: true };
    yield { args: [], phase: 'scripts', program: written(project.root, BUILT, name) };
  }
  yield { args: rebuild(['--pending', ...recursive(project)]), phase: 'scripts' };
}

/** In a workspace pnpm installs all projects, and "rebuild" has to be asked for it. */
function recursive({ root, args }: Project): string[] {
  const isAsked = has(args, '-r', '--recursive', '-F', '--filter', '--filter-prod');
  return existsSync(join(root, 'package.json')) && !isAsked && !isWorkspace(root) ? [] : ['-r'];
}

const isWorkspace = (root: string): boolean =>
  lookUpAll(layersOf({ cwd: root, env: {} }), 'packages').length > 0;

/**
 * Whether scripts of this package have not run, as pnpm wrote down, and nothing else has its name: what comes from git or by an
 * address names itself as it likes, and is rebuilt by that name as well.
 */
function isPending(root: string, name: string): boolean {
  const pending = writtenByPnpm(root, '.modules.yaml').get('pendingBuilds');
  const packages = writtenByPnpm(root, '.pnpm/lock.yaml').get('packages');
  const ofName = (all: readonly unknown[]): string[] =>
    all.map(String).filter((id) => id.startsWith(`${name}@`));
  const waiting = ofName(Array.isArray(pending) ? pending : []);
  const installed = ofName(Object.keys(asRecord(packages)));
  const isOfRegistry = (id: string): boolean => /^\d/.test(id.slice(name.length + 1));
  return waiting.length > 0 && [...waiting, ...installed].every(isOfRegistry);
}

/** Empty if the file cannot be read. */
function writtenByPnpm(root: string, file: string): SettingValues {
  try {
    return yamlValues(readText(join(root, 'node_modules', file), LOCKFILE_BYTES_MAX)?.text ?? '');
  } catch {
    return new Map();
  }
}

function wantsNoScripts({ args, env, root }: Project): boolean {
  if (has(args, '--ignore-scripts', '--lockfile-only', '--config.ignore-scripts=true')) return true;
  return PNPM_VERSIONS.some((version) => {
    const [layers = []] = pnpmLayers(version, clientContext({ folder: root, env }));
    return String(lookUp(layers, 'ignoreScripts')?.value) === 'true';
  });
}

/** The settings of every pnpm: nobody asks which one runs. */
const layersOf = ({ cwd, env }: Pick<Call, 'cwd' | 'env'>): readonly SettingsLayer[] =>
  PNPM_VERSIONS.flatMap((version) =>
    pnpmLayers(version, clientContext({ folder: cwd, env })).flat(),
  );

function textIn(layers: readonly SettingsLayer[], setting: string): string | undefined {
  const values = lookUpAll(layers, setting).map(({ value }) => value);
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}

function commandAt(args: readonly string[]): number {
  let at = 0;
  for (let arg = args[at]; arg?.startsWith('-') === true; arg = args[at])
    at += WITH_VALUE.has(arg) ? 2 : 1;
  return at;
}

const whereOfCall = ({ cwd, env }: Call): ClientContext => clientContext({ folder: cwd, env });

function folders(call: Call): string[] {
  const where = whereOfCall(call);
  return [storeOf(call), pnpmCacheFolder(where), pnpmStateFolder(where), ...storeBeside(call)];
}

function storeOf(call: Call): string {
  const named =
    valueOf(call.args, '--store-dir', '--config.store-dir') ?? userSetting(call, 'storeDir');
  return named === undefined
    ? join(pnpmDataFolder(whereOfCall(call)), 'store')
    : pathFrom(named, call);
}

/** A setting that the user, and no repository, makes for any pnpm. */
function userSetting(call: Call, setting: string): string | undefined {
  const where = whereOfCall(call);
  return textIn(
    PNPM_VERSIONS.flatMap((version) => pnpmUserLayers(version, where)),
    setting,
  );
}

/** Where the project is on another file system than the home folder, pnpm has a store there. It has to be there already. */
function storeBeside(call: Call): string[] {
  const start = rootOf(call);
  const device = deviceOf(start);
  if (device === undefined || device === deviceOf(homeFolder(call.env))) return [];
  let folder = start;
  while (deviceOf(dirname(folder)) === device && dirname(folder) !== folder)
    folder = dirname(folder);
  const store = join(folder, '.pnpm-store');
  return existsSync(store) ? [store] : [];
}

function deviceOf(path: string): number | undefined {
  try {
    return statSync(path).dev;
  } catch {
    return undefined;
  }
}

function refuseOtherFolders(project: Project): void {
  const { root } = project;
  refuseElsewhere(named(project), { root, allowed: folders(project), where: project });
}

/** What a repository says about folders. */
function named({ root, env }: Project): Named[] {
  return layersOf({ cwd: root, env }).flatMap((layer) => {
    const origin = layer.origin('');
    if (origin.kind !== 'file' || !['project', 'other-user'].includes(origin.author)) return [];
    const file = basename(origin.file);
    return ['storeDir', 'cacheDir', 'stateDir'].map((setting) => ({
      by: `${file === '.npmrc' ? kebab(setting) : setting} in ${file}`,
      value: textIn([layer], setting),
    }));
  });
}

/** The workspace that pnpm finds around the nearest package, else that package. */
function rootOf({ cwd, args }: Call): string {
  const start = resolve(cwd, valueOf(args, '-C', '--dir') ?? '.');
  const own = nearestWith(start, ['package.json', 'package.json5', 'package.yaml', 'node_modules']);
  return nearestWith(own ?? start, ['pnpm-workspace.yaml']) ?? own ?? start;
}
