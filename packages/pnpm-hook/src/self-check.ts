/* Whether a project really is guarded: what a hook cannot see, since it is not called then. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { asRecord, valuesOf } from '@tarwarden/host/settings-files';
import { checkCommands } from './check/commands.ts';
import { checkElsewhere } from './check/elsewhere.ts';
import type { Add, Problem } from './check/problems.ts';
import { checkReach } from './check/reach.ts';
import { readSettings, type Format, type Settings } from './check/read-settings.ts';
import { configFolder, globalNpmrc, userNpmrc } from './user-files.ts';

export { SHIM } from './check/reach.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Source {
  readonly file: string;
  readonly settings: Settings;
}

const VARIABLE =
  /^p?npm_config_(ignore_pnpmfile|pnpmfile|lockfile_dir|lockfile_directory|shared_workspace_lockfile)$/i;

/**
 * Problems that would let an install of `directory` run without the guard. Empty if there are none.
 * @param folder The package in it that pnpm is called in: pnpm 10 reads its .npmrc as well.
 */
export function checkProject(
  directory: string,
  env: Environment,
  folder: string = directory,
): readonly Problem[] {
  const problems: Problem[] = [];
  const add: Add = (code, file, message) => {
    problems.push({ code, file, message });
  };
  const read = reader(directory, env, add);
  const workspace = read('pnpm-workspace.yaml', 'yaml');
  const manifest = read('package.json', 'json');
  const sources: Source[] = [
    ...userFiles(env).map(({ file, format }) => ({ file, settings: read(file, format) })),
    { file: '.npmrc', settings: read('.npmrc', 'ini') },
    ...(folder === directory ? [] : [join(folder, '.npmrc')]).map((file) => ({
      file,
      settings: read(file, 'ini'),
    })),
    { file: 'pnpm-workspace.yaml', settings: workspace },
    { file: 'package.json', settings: asRecord(manifest['pnpm']) },
    ...variables(env),
  ];
  const pnpmfiles = sources.flatMap(({ file, settings }) =>
    valuesOf(settings, 'pnpmfile', env).map((value) => ({ file, value })),
  );
  const major = wantedPnpm(manifest)?.major;
  checkReach({ directory, workspace, major, pnpmfiles }, add);
  for (const { file, settings } of sources) {
    checkElsewhere({ file, settings }, { directory, major, env }, add);
    if (valuesOf(settings, 'ignorepnpmfile', env).some(isOn))
      add('pnpmfile-ignored', file, 'it makes pnpm ignore every pnpmfile');
  }
  checkCommands(directory, add);
  checkEngine(workspace, manifest, add);
  return problems;
}

/** Reads a file of settings; one that cannot be read as what it is counts as a problem, for pnpm may read it. */
function reader(
  directory: string,
  env: Environment,
  add: Add,
): (file: string, format: Format) => Settings {
  return (file, format) => {
    try {
      return readSettings(resolve(directory, file), format, env);
    } catch (error) {
      if (!(error instanceof TarwardenError)) throw error;
      add('unreadable', file, error.message);
      return {};
    }
  };
}

function userFiles(env: Environment): readonly { file: string; format: Format }[] {
  const folder = configFolder(env);
  return [
    { file: userNpmrc(env), format: 'ini' },
    { file: globalNpmrc(env), format: 'ini' },
    { file: join(folder, 'rc'), format: 'ini' },
    { file: join(folder, 'config.yaml'), format: 'yaml' },
  ];
}

/** Environment variables are settings as well. */
function variables(env: Environment): Source[] {
  return Object.entries(env).flatMap(([file, value]) => {
    const name = VARIABLE.exec(file)?.[1];
    if (name === undefined || value === '') return [];
    return [{ file, settings: { [name]: value === 'false' ? false : value } }];
  });
}

/** Only what is plainly off is off: for pnpm 10 and 11 the text "false" in a YAML file is on. */
function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function checkEngine(workspace: Settings, manifest: Settings, add: Add): void {
  const places: readonly [string, unknown][] = [
    ['pnpm-workspace.yaml', workspace['configDependencies']],
    ['package.json', asRecord(manifest['pnpm'])['configDependencies']],
  ];
  for (const [file, dependencies] of places) {
    if (Object.keys(asRecord(dependencies)).some((name) => /^(?:@pnpm\/)?pacquet$/.test(name)))
      add('other-engine', file, 'pnpm 11 leaves the install to pacquet, which calls no hooks');
  }
  const wanted = wantedPnpm(manifest);
  if (wanted === undefined) return;
  const { major, minor } = wanted;
  const known = major === '10' || major === '11' || (major === '12' && Number(minor) >= 16);
  if (!known)
    add(
      'pnpm-unsupported',
      'package.json',
      `pnpm ${major}.${minor} is not guarded: 10, 11 and 12 from 12.16 on are`,
    );
}

/** What package.json says that pnpm is to be. */
function wantedPnpm(
  manifest: Settings,
): { readonly major: string; readonly minor: string } | undefined {
  const wanted = manifest['packageManager'];
  const [, major, minor] =
    (typeof wanted === 'string' ? /^pnpm@(\d+)\.(\d+)/.exec(wanted) : null) ?? [];
  return major === undefined || minor === undefined ? undefined : { major, minor };
}

/** The nearest folder at or above `directory` that pnpm takes for the root of a workspace, else `directory`. */
export function projectRoot(directory: string): string {
  let folder = resolve(directory);
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) return resolve(directory);
    folder = parent;
  }
  return folder;
}
