import { readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { major, satisfies, valid } from 'semver';
import { quote } from '@tarwarden/core/text';
import { isWithin, projectFolders, realAsFar } from '@tarwarden/guard';
import { asRecord, readManifest, readText } from '@tarwarden/clients/settings';
import { definition } from './definition.ts';
import { notWritten, reasonOf } from '../../edit/file-changes.ts';
import { wantedManager } from '../../guard-trials/wanted-manager.ts';

export type ProjectManager = (typeof definition.options.manager.choices)[number];

export interface DetectedManager {
  readonly manager: ProjectManager;
  /** The file that shows this manager, or the setting that names it. */
  readonly by: string;
  /** It is Yarn 1, whose guard has no place in a project. */
  readonly isClassic?: true;
  /** The reason why it cannot be guarded. */
  readonly unsupported?: string;
}

export interface DetectedManagers {
  readonly managers: readonly DetectedManager[];
  /** Managers for which there is no guard, with the files that show them. */
  readonly unguarded: readonly string[];
  /** Files of managers beside the one that package.json names. */
  readonly others: readonly string[];
}

/** Lockfiles and settings that a manager keeps at the root of a project. */
const OF_ROOT: readonly (readonly [pattern: RegExp, manager: string])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, 'npm'],
  [/^pnpm-(?:lock|workspace)\.yaml$/, 'pnpm'],
  [/^(?:yarn\.lock|\.yarnrc\.yml)$/, 'yarn'],
  [/^bun\.lockb?$/, 'bun'],
  [/^requirements(?:[\w.-]*)\.txt$/, 'pip'],
  [/^(?:Gemfile|gems\.rb)(?:\.lock)?$/, 'bundle'],
  [/^go\.(?:mod|work)$/, 'go'],
  [/^uv\.lock$/, 'uv'],
  [/^poetry\.lock$/, 'poetry'],
  [/^pdm\.lock$/, 'pdm'],
  [/^Pipfile(?:\.lock)?$/, 'pipenv'],
];

/** Weaker signs: they show the usual manager, unless a file of the list above is there. */
const OF_PACKAGE: typeof OF_ROOT = [
  [/^package\.json$/, 'npm'],
  [/^(?:pyproject\.toml|setup\.(?:py|cfg)|pylock(?:\.[\w-]+)?\.toml)$/, 'pip'],
  [/\.gemspec$/, 'gem'],
];

/** Managers that exclude each other. The stronger sign decides. */
const ECOSYSTEMS: readonly (readonly string[])[] = [
  ['npm', 'pnpm', 'yarn', 'bun'],
  ['pip', 'uv', 'poetry', 'pdm', 'pipenv'],
  ['gem', 'bundle'],
];
const OF_NPM: readonly string[] = ECOSYSTEMS[0]!;

const GUARDED: ReadonlySet<string> = new Set(definition.options.manager.choices);

/** Major versions that have a guard. */
const SUPPORTED: Readonly<Record<string, readonly number[]>> = {
  npm: [10, 11, 12],
  pnpm: [10, 11, 12],
  yarn: [3, 4],
};

/**
 * The root of the project around a folder: the nearest folder with a package, up to the repository's root. If it has no lockfile
 * or settings, the folder above that has them for such a package is the root. The home folder and the folders above it never
 * are, because files there would hold for all projects.
 */
export function rootOfProject(path: string): string {
  const start = realFolder(path);
  if (holdsHome(start))
    throw notWritten(
      `${quote(start)} is your home folder, or holds it, and not a project; nothing was written: name the folder of a project`,
    );
  const folders = projectFolders(start).filter((folder) => !holdsHome(folder));
  for (const [index, folder] of folders.entries()) {
    const names = namesIn(folder);
    if (isRoot(folder, names)) return folder;
    const [manager] = byManager(names, OF_PACKAGE).keys();
    if (manager === undefined) continue;
    const rivals = rivalsOf(manager);
    return folders.slice(index).find((above) => isRoot(above, namesIn(above), rivals)) ?? folder;
  }
  return start;
}

/** Whether a folder has files that a manager keeps at the root of a project. `managers` limits the managers. */
function isRoot(folder: string, names: readonly string[], managers?: readonly string[]): boolean {
  const isMeant = (manager: string): boolean => managers?.includes(manager) ?? true;
  return (
    [...byManager(names, OF_ROOT).keys()].some(isMeant) ||
    (isMeant('npm') && readManifest(folder)['workspaces'] !== undefined)
  );
}

function rivalsOf(manager: string): readonly string[] {
  return ECOSYSTEMS.find((rivals) => rivals.includes(manager)) ?? [manager];
}

function holdsHome(folder: string): boolean {
  return [homedir(), process.env['HOME'], process.env['USERPROFILE']].some(
    (home) => home !== undefined && home !== '' && isWithin(folder, realAsFar(resolve(home))),
  );
}

/** The managers of a project, by its files and by its package.json. No program is run. */
export function findManagers(root: string): DetectedManagers {
  const names = namesIn(root);
  const detected = [...byManager(names, OF_ROOT)];
  const detectedNames = new Set(detected.map(([manager]) => manager));
  for (const [manager, file] of byManager(names, OF_PACKAGE)) {
    if (!rivalsOf(manager).some((rival) => detectedNames.has(rival)))
      detected.push([manager, file]);
  }
  const manifestManager = namedManager(root);
  const isOther = ([manager]: readonly [string, string]): boolean =>
    manifestManager !== undefined && OF_NPM.includes(manager) && manager !== manifestManager.name;
  const listedManagers = detected.filter((entry) => !isOther(entry));
  const isNew = !listedManagers.some(([manager]) => manager === manifestManager?.name);
  if (manifestManager !== undefined && isNew && names.includes('package.json'))
    listedManagers.unshift([manifestManager.name, 'package.json']);
  return {
    managers: listedManagers
      .filter(([manager]) => GUARDED.has(manager))
      .map(([manager, file]) => detectedManager(manager as ProjectManager, root, file)),
    unguarded: listedManagers
      .filter(([manager]) => !GUARDED.has(manager))
      .map(([manager, file]) => `${quote(manager)} (${quote(file)})`),
    // If package.json names a manager, the weaker signs do not count.
    others: detected
      .filter((entry) => isOther(entry) && entry[1] !== 'package.json')
      .map(([manager, file]) => `${file} of ${manager}`),
  };
}

/** A manager that was named, with what is known of its version. */
export function detectedManager(
  manager: ProjectManager,
  root: string,
  file: string,
): DetectedManager {
  const manifestManager = namedManager(root);
  const version = manifestManager?.name === manager ? manifestManager.version : undefined;
  const exact = valid(version);
  // Anything else may be an address with a password in it.
  const by = exact === null ? file : `package.json names ${exact}`;
  if (exact !== null && !isSupported(manager, exact))
    return { manager, by, unsupported: `${manager} ${exact} has no guard` };
  const isClassic =
    manager === 'yarn' &&
    (exact === null ? version === undefined && isYarn1(root) : major(exact) === 1);
  return { manager, by, ...(isClassic && { isClassic }) };
}

function isSupported(manager: ProjectManager, version: string): boolean {
  if (manager === 'yarn' && major(version) === 1) return satisfies(version, '~1.22.0');
  return SUPPORTED[manager]?.includes(major(version)) !== false;
}

function byManager(names: readonly string[], patterns: typeof OF_ROOT): Map<string, string> {
  const fileByManager = new Map<string, string>();
  for (const name of names) {
    const manager = patterns.find(([pattern]) => pattern.test(name))?.[1];
    if (manager !== undefined && !fileByManager.has(manager)) fileByManager.set(manager, name);
  }
  return fileByManager;
}

/** The manager that package.json names, here or above in the project. */
function namedManager(
  root: string,
): { readonly name: string; readonly version?: string } | undefined {
  const { packageManager, devEngines } = wantedManager(projectFolders(root));
  // The field may be a list. The first entry is preferred.
  const [engine = {}] = [devEngines?.['packageManager']].flat().map(asRecord);
  // The version may be an address.
  const { groups = {} } = /^(?<name>[^@]*)@?(?<version>.*)$/s.exec(packageManager ?? '') ?? {};
  const fields = packageManager === undefined ? engine : groups;
  const { name, version } = fields;
  if (typeof name !== 'string') return undefined;
  return {
    name: /^[\w.-]{1,40}$/.test(name) ? name : 'another manager',
    ...(typeof version === 'string' && { version }),
  };
}

function isYarn1(root: string): boolean {
  return /^(?:#.*\r?\n)*#\s+yarn\s+lockfile\s+v1\b/i.test(
    readText(join(root, 'yarn.lock'))?.text ?? '',
  );
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw notWritten(`${quote(path)} cannot be used: ${reasonOf(error)}`);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    throw notWritten(`${quote(basename(folder))} cannot be listed: ${reasonOf(error)}`);
  }
}
