import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from '@tarwarden/guard/run';
import { nearestWith } from '@tarwarden/guard/folders-above';
import { homeFolder } from '@tarwarden/guard/home-folder';
import { asRecord, readText, yamlValues } from '@tarwarden/clients/settings';
import {
  has,
  settingIn,
  fileText,
  userFolder,
  userText,
  optionValue,
  type Client,
  type ClientCall,
  type ClientStep,
  type Project,
} from './client.ts';

/** Options before the command whose value is the next argument. */
const WITH_VALUE = new Set(
  '-C --dir -F --filter --filter-prod --loglevel --pm-on-fail --registry --reporter --store-dir --workspace-concurrency'.split(
    ' ',
  ),
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
const NO_SCRIPTS = '--config.ignore-scripts=true';

/** pnpm 12 keeps these in /tmp, whatever TMPDIR says, with the user's number behind the name. */
const LOCKS = ['pnpm-dir-locks', 'pnpm-store-operation-locks', 'pnpm-verify-deps-install-locks'];

const STORE = {
  options: ['--store-dir', '--config.store-dir'],
  variables: ['pnpm_config_store_dir', 'npm_config_store_dir'],
  files: {
    '$XDG_CONFIG_HOME/pnpm/config.yaml': 'storeDir',
    '$XDG_CONFIG_HOME/pnpm/rc': 'store-dir',
    '~/.npmrc': 'store-dir',
  },
};
const DATA = { variables: ['PNPM_HOME'], usual: '$XDG_DATA_HOME/pnpm' };
/** The shell of scripts that have the network. */
const SHELL = {
  variables: ['pnpm_config_script_shell', 'npm_config_script_shell'],
  files: { '$XDG_CONFIG_HOME/pnpm/config.yaml': 'scriptShell', '~/.npmrc': 'script-shell' },
  usual: '/bin/sh',
};
const WORKSPACE = 'pnpm-workspace.yaml';

export const pnpm: Client = {
  root: rootOf,
  folders: [
    { usual: '$XDG_CACHE_HOME/pnpm' },
    { usual: '$XDG_STATE_HOME/pnpm' },
    (call) => [storeOf(call), ...storeBeside(call)],
  ],
  locks: () => LOCKS.map((name) => `/tmp/${name}-${process.getuid?.() ?? 0}`),
  // pnpm finds its store by making links in the home folder. If it cannot, it makes a store in the project.
  env: (project) =>
    projectSetting(project, 'storeDir', 'store-dir') === undefined
      ? storeVariables(storeBeside(project)[0] ?? storeOf(project))
      : {},
  commands: {
    install:
      'install i add update up upgrade remove rm uninstall un dedupe ci clean-install ic install-clean prune fetch',
    scripts: 'rebuild rb',
    refused:
      'link ln unlink dislink install-test it deploy patch-commit patch-remove approve-builds self-update setup env with runtime rt',
  },
  commandIn(args) {
    let at = 0;
    for (let arg = args[at]; arg?.startsWith('-') === true; arg = args[at])
      at += WITH_VALUE.has(arg) ? 2 : 1;
    return [args[at] ?? '', at];
  },
  install,
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
function changedState(root: string, change: string, ...args: readonly string[]): Command {
  const file = join(root, 'node_modules/.modules.yaml');
  const script = `const fs = require('node:fs'); const [file, from, to] = process.argv.slice(1); const text = fs.readFileSync(file, 'utf8'); fs.writeFileSync(file, ${change})`;
  return { file: process.execPath, args: ['-e', script, file, ...args] };
}

/** A program that puts the name of the real store back into node_modules. */
export function mendedStore(project: Project, from: string): Command {
  const to = JSON.stringify(storeBeside(project)[0] ?? storeOf(project)).slice(1, -1);
  return changedState(project.root, REPLACE, from, to);
}

function* install(project: Project, at: number): Generator<ClientStep> {
  const { args, root } = project;
  const [before, command, after] = [args.slice(0, at), args[at]!, args.slice(at + 1)];
  yield { args: [...before, command, COPY, NO_SCRIPTS, ...after], phase: 'fetch' };
  if (has(args, '--lockfile-only') || wantsNoScripts(project)) return;
  const rebuild = (...words: string[]): string[] => [...before, ...UNCHANGED, 'rebuild', ...words];
  for (const name of project.networkPackages) {
    if (!isPending(root, name)) continue;
    const shell = `--config.script-shell=${userText(SHELL, project)}`;
    yield { args: rebuild(shell, name), phase: 'scripts', network: true };
    yield { args: [], phase: 'scripts', program: changedState(root, BUILT, name) };
  }
  yield { args: rebuild('--pending', ...recursive(project)), phase: 'scripts' };
}

/** In a workspace, pnpm installs all projects. "rebuild" does so only if it is told to. */
function recursive({ root, args }: Project): string[] {
  const isAsked = has(args, '-r', '--recursive', '-F', '--filter', '--filter-prod');
  const isWorkspace = /^["']?packages["']?\s*:/m.test(fileText(join(root, WORKSPACE)));
  return existsSync(join(root, 'package.json')) && !isAsked && !isWorkspace ? [] : ['-r'];
}

/**
 * Whether pnpm wrote down that the scripts of this package have not run, and no other package has its name. A package from git
 * or from an address names itself as it likes, and "rebuild" would take it by that name.
 */
function isPending(root: string, name: string): boolean {
  const pending = writtenByPnpm(root, '.modules.yaml')['pendingBuilds'];
  const packages = writtenByPnpm(root, '.pnpm/lock.yaml')['packages'];
  const ofName = (ids: readonly unknown[]): string[] =>
    ids.map(String).filter((id) => id.startsWith(`${name}@`));
  const waiting = ofName(Array.isArray(pending) ? pending : []);
  const installed = ofName(Object.keys(asRecord(packages)));
  const isOfRegistry = (id: string): boolean => /^\d/.test(id.slice(name.length + 1));
  return waiting.length > 0 && [...waiting, ...installed].every(isOfRegistry);
}

/** Empty if the file cannot be read. */
function writtenByPnpm(root: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const text = readText(join(root, 'node_modules', file), LOCKFILE_BYTES_MAX)?.text ?? '';
    return Object.fromEntries(yamlValues(text));
  } catch {
    return {};
  }
}

function wantsNoScripts(project: Project): boolean {
  if (has(project.args, '--ignore-scripts', NO_SCRIPTS)) return true;
  const variables = ['pnpm_config_ignore_scripts', 'npm_config_ignore_scripts'];
  const files = {
    '$XDG_CONFIG_HOME/pnpm/config.yaml': 'ignoreScripts',
    '~/.npmrc': 'ignore-scripts',
  };
  const text =
    projectSetting(project, 'ignoreScripts', 'ignore-scripts') ??
    userText({ variables, files }, project);
  return text === 'true';
}

/** A setting of the repository. */
function projectSetting(
  { root, env }: Project,
  inYaml: string,
  inNpmrc: string,
): string | undefined {
  return (
    settingIn([join(root, WORKSPACE)], inYaml, env) ??
    settingIn([join(root, '.npmrc')], inNpmrc, env)
  );
}

function storeOf(call: ClientCall): string {
  return userFolder(STORE, call) ?? join(userFolder(DATA, call)!, 'store');
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

/** The workspace around the nearest package that pnpm finds, or that package itself. */
function rootOf({ cwd, args }: ClientCall): string {
  const start = resolve(cwd, optionValue(args, '-C', '--dir') ?? '.');
  const packageFolder = nearestWith(start, [
    'package.json',
    'package.json5',
    'package.yaml',
    'node_modules',
  ]);
  return nearestWith(packageFolder ?? start, [WORKSPACE]) ?? packageFolder ?? start;
}
