/* Finds the npm package that owns a file, and the packages that it bundles. */
import { readdirSync, type Dirent } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readBounded } from '@tarwarden/host';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { realPathOf } from './machine.ts';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

const MANIFEST_BYTES_MAX = 1024 * 1024;
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
    const found = packageManifest(folder);
    if (found !== undefined) return names.includes(found.name) ? found : undefined;
  }
  return undefined;
}

function rootOfTarget(file: string, names: readonly string[]): InstalledPackage | undefined {
  const text = readTextFile(file, SCRIPT_BYTES_MAX) ?? '';
  for (const [, target = ''] of text.matchAll(TARGET)) {
    const real = realPathOf(join(dirname(file), target));
    const found = real === undefined ? undefined : rootAbove(real, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name and version in the package.json of a folder. */
export function packageManifest(folder: string): InstalledPackage | undefined {
  try {
    const manifest: unknown = JSON.parse(
      readTextFile(join(folder, 'package.json'), MANIFEST_BYTES_MAX) ?? '',
    );
    if (typeof manifest !== 'object' || manifest === null) return undefined;
    const { name, version } = manifest as Record<string, unknown>;
    return typeof name === 'string' && typeof version === 'string'
      ? { name, version, folder }
      : undefined;
  } catch {
    return undefined;
  }
}

function readTextFile(file: string, bytesMax: number): string | undefined {
  try {
    return readBounded(file, { bytesMax, follow: true }).bytes?.toString('utf8');
  } catch {
    return undefined;
  }
}

/** Every copy of the named packages below the node_modules folders of a package. */
export function broughtAlong(folder: string, names: ReadonlySet<string>): InstalledPackage[] {
  const found: InstalledPackage[] = [];
  let left = FOLDERS_MAX;
  const walk = (modules: string, depth: number): void => {
    for (const name of packageNames(modules)) {
      if (left-- <= 0 || depth >= DEPTH_MAX) return;
      const place = join(modules, name);
      const installed = names.has(name) ? packageManifest(place) : undefined;
      if (installed !== undefined) found.push(installed);
      walk(join(place, 'node_modules'), depth + 1);
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
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== '.bin')
    .map(({ name }) => name);
}

/** Debian has the packages that its npm needs in the same folder as npm. */
const DEBIAN_MODULES = '/usr/share/nodejs';

/** Packages that are read to find what a program requires. npm requires some 200. */
const REQUIRED_MAX = 2000;

/** The names of all packages that a package requires, from its own folders and from folders above it. */
export function requiredNames(folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of dependenciesOf(next)) {
      if (names.has(name) || names.size >= REQUIRED_MAX) continue;
      names.add(name);
      const [own] = [join(next, 'node_modules', name), join(folder, 'node_modules', name)].filter(
        (place) => packageManifest(place) !== undefined,
      );
      const found = own ?? besides(folder, new Set([name]))[0]?.folder;
      if (found !== undefined) open.push(found);
    }
  }
  return names;
}

function dependenciesOf(folder: string): readonly string[] {
  try {
    const manifest: unknown = JSON.parse(
      readTextFile(join(folder, 'package.json'), MANIFEST_BYTES_MAX) ?? '',
    );
    const { dependencies, optionalDependencies } = manifest as Record<string, unknown>;
    return Object.keys({ ...(dependencies as object), ...(optionalDependencies as object) });
  } catch {
    return [];
  }
}

/** Packages that a program loads from folders above its own, as Node looks for them. */
export function besides(folder: string, names: ReadonlySet<string>): InstalledPackage[] {
  const places = [
    ...foldersAbove(dirname(folder)).map((above) => join(above, 'node_modules')),
    ...(dirname(folder) === DEBIAN_MODULES ? [DEBIAN_MODULES] : []),
  ];
  return [...names].flatMap(
    (name) =>
      places
        .map((place) => packageManifest(join(place, name)))
        .find((manifest) => manifest !== undefined) ?? [],
  );
}

/** The named packages in the node_modules of a project, each version once, including pnpm's folder of all packages. */
export function installedInProject(folder: string, names: ReadonlySet<string>): InstalledPackage[] {
  const modules = join(resolve(folder), 'node_modules');
  const places = [
    resolve(folder),
    ...folders(join(modules, '.pnpm')).map((name) => join(modules, '.pnpm', name)),
  ];
  const found = places.flatMap((place) => broughtAlong(place, names));
  const versions = new Map(
    found.toReversed().map((installed) => [`${installed.name}@${installed.version}`, installed]),
  );
  return [...versions.values()].toReversed();
}
