/* Finds the npm package that owns a file, and the packages that it bundles. */
import { dirname, join } from 'node:path';
import { folderEntries, readBounded } from '@tarwarden/host';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { realPathOf } from './machine.ts';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;
const SCRIPT_BYTES_MAX = 64 * 1024;

/** npm has some 200 packages in three levels. */
const FOLDERS_MAX = 20_000;
const DEPTH_MAX = 10;

/** npm and pnpm put scripts on the PATH that name their target by a path relative to the script. */
const TARGET = /\$basedir(?:_abs|_win)?"?\/["']?([^"'$\n]+)["']/g;

/** The package that owns a program, if it has one of these names. */
export function packageOf(file: string, names: readonly string[]): InstalledPackage | undefined {
  return rootAbove(file, names) ?? rootOfTarget(file, names);
}

function rootAbove(file: string, names: readonly string[]): InstalledPackage | undefined {
  for (const folder of foldersAbove(dirname(file))) {
    const manifest = packageManifest(folder);
    if (manifest !== undefined) return names.includes(manifest.name) ? manifest : undefined;
  }
  return undefined;
}

function rootOfTarget(file: string, names: readonly string[]): InstalledPackage | undefined {
  const text = readTextFile(file, SCRIPT_BYTES_MAX);
  for (const [, target = ''] of text.matchAll(TARGET)) {
    const real = realPathOf(join(dirname(file), target));
    const owner = real === undefined ? undefined : rootAbove(real, names);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** The name and version in the package.json of a folder. */
function packageManifest(folder: string): InstalledPackage | undefined {
  const { name, version } = objectIn(join(folder, 'package.json'));
  return typeof name === 'string' && typeof version === 'string'
    ? { name, version, folder }
    : undefined;
}

/** The object in a JSON file. It is empty if the file cannot be read. */
export function objectIn(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readTextFile(file, MANIFEST_BYTES_MAX));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function readTextFile(file: string, bytesMax: number): string {
  try {
    return readBounded(file, { bytesMax, follow: true }).bytes?.toString('utf8') ?? '';
  } catch {
    return '';
  }
}

/** Every copy of the named packages below the node_modules folders of a package. */
export function bundledPackages(folder: string, names: ReadonlySet<string>): InstalledPackage[] {
  const found: InstalledPackage[] = [];
  let left = FOLDERS_MAX;
  const walk = (modules: string, depth: number): void => {
    for (const name of packageNames(modules)) {
      if (left-- <= 0 || depth >= DEPTH_MAX) return;
      const inner = join(modules, name);
      const installed = names.has(name) ? packageManifest(inner) : undefined;
      if (installed !== undefined) found.push(installed);
      walk(join(inner, 'node_modules'), depth + 1);
    }
  };
  walk(join(folder, 'node_modules'), 0);
  walk(join(folder, 'dist', 'node_modules'), 0);
  return found;
}

function packageNames(modules: string): string[] {
  return folders(modules).flatMap((name) =>
    name.startsWith('@') ? folders(join(modules, name)).map((inner) => `${name}/${inner}`) : name,
  );
}

function folders(folder: string): string[] {
  return folderEntries(folder)
    .filter((entry) => entry.isDirectory() && entry.name !== '.bin')
    .map(({ name }) => name);
}
