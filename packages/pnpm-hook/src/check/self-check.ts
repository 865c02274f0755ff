/* Checks whether a project is guarded. The hook cannot do that itself, because pnpm may not load it. */
import { join, relative, resolve } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { nearestWith } from '@tarwarden/host/folders-above';
import {
  pnpmLoading,
  pnpmVersions,
  readText,
  clientContext,
  type PnpmLoading,
  type ClientContext,
} from '@tarwarden/settings';
import type { AddProblem, GuardProblem, ProblemCode } from './problems.ts';
import { checkReach } from './reach.ts';
import { folderEntries } from '@tarwarden/host';

/** Files looked at. */
const FILES_MAX = 2000;
const DEPTH_MAX = 4;

const FLAG = /--(?:config\.)?ignore-?pnpmfile(?![\w-]|=false\b)/i;
/** Where commands are written down. */
const COMMANDS =
  /(?:^|\/)(?:package\.json|Dockerfile[^/]*|Makefile|Jenkinsfile|[^/]+\.(?:ya?ml|sh|bash|toml))$/;
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'vendor', 'coverage', 'fixtures']);

function checkCommands(directory: string, add: AddProblem): void {
  for (const file of commandFiles(directory)) {
    const text = readText(join(directory, file))?.text ?? '';
    if (/(?:^|\/)package\.json$/.test(file)) checkScripts(text, file, add);
    else checkLines(text, file, add);
  }
}

function checkScripts(text: string, file: string, add: AddProblem): void {
  for (const [name, command] of Object.entries(scriptsIn(text))) {
    if (typeof command === 'string' && FLAG.test(command))
      add('pnpmfile-ignored', file, `script "${name}" runs pnpm with --ignore-pnpmfile`);
  }
}

/** A fixture may be no valid JSON; the project's own settings are read elsewhere, where that is a problem. */
function scriptsIn(text: string): object {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    return typeof scripts === 'object' && scripts !== null ? scripts : {};
  } catch {
    return {};
  }
}

function checkLines(text: string, file: string, add: AddProblem): void {
  const lines = text.split('\n');
  const line = lines.findIndex((text) => !text.trimStart().startsWith('#') && FLAG.test(text));
  if (line !== -1)
    add('pnpmfile-ignored', file, `line ${line + 1} runs pnpm with --ignore-pnpmfile`);
}

/** Files that hold commands, relative, shallow ones first. */
function commandFiles(directory: string): string[] {
  const found: string[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (const { path, depth } of folders) {
    if (found.length >= FILES_MAX || folders.length >= FILES_MAX) break;
    for (const entry of folderEntries(join(directory, path))) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < DEPTH_MAX && !SKIPPED.has(entry.name))
        folders.push({ path: below, depth: depth + 1 });
      else if (entry.isFile() && COMMANDS.test(below)) found.push(below);
    }
  }
  return found;
}

export { SHIM } from './reach.ts';

const CODES: Readonly<Record<PnpmLoading['obstacles'][number]['kind'], ProblemCode>> = {
  ignored: 'pnpmfile-ignored',
  elsewhere: 'pnpmfile-elsewhere',
  'in-each-package': 'pnpmfile-elsewhere',
  'settings-elsewhere': 'settings-elsewhere',
  unreadable: 'unreadable',
};

/**
 * Problems that would let an install in `directory` run without the guard. Empty if there are none.
 * @param folder The package in which the user calls pnpm. pnpm 10 also reads its .npmrc.
 */
export function checkProject(
  directory: string,
  env: ClientContext['env'],
  folder: string = directory,
): readonly GuardProblem[] {
  const problems = new Map<string, GuardProblem>();
  const add: AddProblem = (code, file, message) => {
    const problem = { code, file: shown(directory, file), message };
    problems.set(`${code} ${problem.file}`, problem);
  };
  checkManifest(directory, add);
  const where = clientContext({ folder, env });
  const { versions, unguarded } = pnpmVersions(where);
  const loadings = versions.flatMap((version) => pnpmLoading(version, where));
  for (const loading of loadings) {
    for (const { kind, by, message } of loading.obstacles) add(CODES[kind], by, message);
    if (loading.configDependencies.some((name) => /^(?:@pnpm\/)?pacquet$/.test(name)))
      add(
        'other-engine',
        'pnpm-workspace.yaml',
        'pnpm 11 leaves the install to pacquet, which calls no hooks',
      );
  }
  const [major, ...others] = new Set(versions.map((version) => version.split('.')[0]));
  checkReach(loadings, { directory, major: others.length === 0 ? major : undefined }, add);
  checkCommands(directory, add);
  if (unguarded !== undefined)
    add(
      'pnpm-unsupported',
      'package.json',
      `pnpm ${printable(unguarded)} is not guarded: 10, 11 and 12 from 12.16 on are`,
    );
  return [...problems.values()];
}

/** The path relative to the project, if the file is in it. The name of a variable stays as it is. */
function shown(directory: string, file: string): string {
  const path = relative(directory, file);
  return file.startsWith('/') && !path.startsWith('..') ? path : file;
}

function checkManifest(directory: string, add: AddProblem): void {
  const read = readText(join(directory, 'package.json'));
  if (read === undefined) return;
  try {
    if (read.text !== undefined) JSON.parse(read.text.trim() || '{}');
    else add('unreadable', 'package.json', read.unreadable);
  } catch {
    add('unreadable', 'package.json', 'it is not valid JSON');
  }
}

/** The nearest folder at or above `directory` that is the root of a workspace for pnpm, else `directory`. */
export function pnpmRoot(directory: string): string {
  return nearestWith(directory, ['pnpm-workspace.yaml']) ?? resolve(directory);
}
