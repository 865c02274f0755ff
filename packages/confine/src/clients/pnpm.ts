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
import { refuseElsewhere, type NamedFolder } from '../settings.ts';
import {
  has,
  valueOf,
  type ClientCall,
  type Client,
  type Project,
  type ClientStep,
} from './client.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const INSTALLS = words(
  'install i add update up upgrade remove rm uninstall un dedupe ci clean-install ic install-clean prune fetch',
);
const REBUILDS = words('rebuild rb');
/** These commands run scripts between two downloads, or write to the folders of programs on the PATH. */
const NEITHER = words(
  'link ln unlink dislink install-test it deploy patch-commit patch-remove approve-builds self-update setup env with runtime rt',
);

/** Options before the command whose value is the next argument. */
const WITH_VALUE = words(
  '-C --dir -F --filter --filter-prod --loglevel --pm-on-fail --registry --reporter --store-dir --workspace-concurrency',
);

/** The most bytes of pnpm's list of installed packages that are read. */
const LOCKFILE_BYTES_MAX = 64 * 1024 * 1024;

/** pnpm copies each file. With a hard link, a script could change the file of the store by its own path. */
const COPY = '--config.package-import-method=clone-or-copy';
/** Nothing is downloaded here, so the inspected files need no second check. pnpm 12 would use the network for it. */
const UNCHANGED = [
  'offline=true',
  'side-effects-cache=false',
  'minimum-release-age=0',
  'trust-policy=off',
].map((setting) => `--config.${setting}`);

/** pnpm 12 keeps these in /tmp, whatever TMPDIR says, with the user's number behind the name. */
const LOCKS = ['pnpm-dir-locks', 'pnpm-store-operation-locks', 'pnpm-verify-deps-install-locks'];
const NO_SCRIPTS = '--config.ignore-scripts=true';

export const pnpm: Client = {
  root: rootOf,
  folders,
  locks: () => LOCKS.map((name) => `/tmp/${name}-${process.getuid?.() ?? 0}`),
  // pnpm finds its store by making links in the home folder. If it cannot, it makes a store in the project.
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

/** For scripts, the store is an empty folder: pnpm opens its list for writing, and needs nothing from it. */
export function storeVariables(store: string): NodeJS.ProcessEnv {
  return { npm_config_store_dir: store, pnpm_config_store_dir: store };
}

/** JavaScript that replaces one text by another. */
const REPLACE = 'text.replaceAll(from, to)';
/** JavaScript that removes a package from the list of those whose scripts have not run. pnpm 10 and 11 leave it there. */
const BUILT =
  'JSON.stringify(JSON.parse(text, (key, value) => key === "pendingBuilds" ? value.filter((id) => !id.startsWith(from + "@")) : value), null, 2)';

/** Changes pnpm's state of node_modules. It runs behind the walls, because scripts may have put a link there. */
function written(root: string, change: string, ...args: readonly string[]): Command {
  const file = join(root, 'node_modules/.modules.yaml');
  const script = `const fs = require('node:fs'); const [file, from, to] = process.argv.slice(1); const text = fs.readFileSync(file, 'utf8'); fs.writeFileSync(file, ${change})`;
  return { file: process.execPath, args: ['-e', script, file, ...args] };
}

/** A program that puts the name of the real store back into node_modules. */
export function mendedStore(project: Project, from: string): Command {
  const to = JSON.stringify(storeBeside(project)[0] ?? storeOf(project)).slice(1, -1);
  return written(project.root, REPLACE, from, to);
}

function* install(
  project: Project,
  command: readonly string[],
  rest: readonly string[],
): Generator<ClientStep> {
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

/** In a workspace, pnpm installs all projects. "rebuild" does so only if it is told to. */
function recursive({ root, args }: Project): string[] {
  const isAsked = has(args, '-r', '--recursive', '-F', '--filter', '--filter-prod');
  return existsSync(join(root, 'package.json')) && !isAsked && !isWorkspace(root) ? [] : ['-r'];
}

const isWorkspace = (root: string): boolean =>
  lookUpAll(layersOf({ cwd: root, env: {} }), 'packages').length > 0;

/**
 * Whether pnpm wrote down that the scripts of this package have not run, and no other package has its name. A package from git
 * or from an address names itself as it likes, and "rebuild" would take it by that name.
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

/** The settings of every pnpm, because the version that runs is not known here. */
const layersOf = ({ cwd, env }: Pick<ClientCall, 'cwd' | 'env'>): readonly SettingsLayer[] =>
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

const whereOfCall = ({ cwd, env }: ClientCall): ClientContext =>
  clientContext({ folder: cwd, env });

function folders(call: ClientCall): string[] {
  const where = whereOfCall(call);
  return [storeOf(call), pnpmCacheFolder(where), pnpmStateFolder(where), ...storeBeside(call)];
}

function storeOf(call: ClientCall): string {
  const named =
    valueOf(call.args, '--store-dir', '--config.store-dir') ?? userSetting(call, 'storeDir');
  return named === undefined
    ? join(pnpmDataFolder(whereOfCall(call)), 'store')
    : pathFrom(named, call);
}

/** A setting that the user makes for any pnpm. Settings of a repository do not count. */
function userSetting(call: ClientCall, setting: string): string | undefined {
  const where = whereOfCall(call);
  return textIn(
    PNPM_VERSIONS.flatMap((version) => pnpmUserLayers(version, where)),
    setting,
  );
}

/** If the project is on another file system than the home folder, pnpm has a store there. It has to exist already. */
function storeBeside(call: ClientCall): string[] {
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

/** The settings of a repository about folders. */
function named({ root, env }: Project): NamedFolder[] {
  return layersOf({ cwd: root, env }).flatMap((layer) => {
    const origin = layer.origin('');
    if (origin.kind !== 'file' || origin.author !== 'project') return [];
    const file = basename(origin.file);
    return ['storeDir', 'cacheDir', 'stateDir'].map((setting) => ({
      by: `${file === '.npmrc' ? kebab(setting) : setting} in ${file}`,
      value: textIn([layer], setting),
    }));
  });
}

/** The workspace around the nearest package that pnpm finds, or that package itself. */
function rootOf({ cwd, args }: ClientCall): string {
  const start = resolve(cwd, valueOf(args, '-C', '--dir') ?? '.');
  const own = nearestWith(start, ['package.json', 'package.json5', 'package.yaml', 'node_modules']);
  return nearestWith(own ?? start, ['pnpm-workspace.yaml']) ?? own ?? start;
}
