import { join } from 'node:path';
import { readText } from '@tarwarden/settings';

/** Packages of an installed tree that have install scripts, by the names that "npm rebuild" takes. */
export interface Scripted {
  readonly required: readonly string[];
  /** npm goes on without these where their scripts fail. */
  readonly optional: readonly string[];
  /** Names whose folder holds something else than the package of that name of the user's registry. */
  readonly renamed: readonly string[];
}

interface Entry {
  /** The name in package.json, where the folder has another. */
  readonly name?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** npm itself writes into node_modules which packages it put there, and which of them have scripts. */
const LOCKFILE = 'node_modules/.package-lock.json';
const LOCKFILE_BYTES_MAX = 64 * 1024 * 1024;

/** Undefined where npm left no list. */
export function scriptedPackages(
  root: string,
  registryOf: (name: string) => string,
): Scripted | undefined {
  const all = packagesOf(join(root, LOCKFILE));
  if (all === undefined) return undefined;
  const packages = Object.entries(all);
  // Folders of the workspace have scripts of their own, and "prepare" among them, of which nothing is said.
  const scripted = packages.filter(([path, entry]) => hasScripts(path, entry));
  const names = (optional: boolean): string[] => [
    ...new Set(
      scripted
        .filter(([, entry]) => (entry.optional === true) === optional)
        .map(([path]) => nameOf(path)),
    ),
  ];
  const required = names(false);
  const renamed = packages
    .filter(([path, entry]) => isRenamed(path, entry, registryOf))
    .map(([path]) => nameOf(path));
  return { required, optional: names(true).filter((name) => !required.includes(name)), renamed };
}

/** A registry has a package's archives below its name, `…/name/-/name-1.0.0.tgz`. */
function isRenamed(
  path: string,
  { name, resolved = '', link }: Entry,
  registryOf: (name: string) => string,
): boolean {
  const folder = nameOf(path);
  const archives = `${registryOf(folder).replace(/\/$/, '')}/${folder}/-/`;
  const isOther = name !== undefined && name !== folder;
  return link === true || isOther || !resolved.replaceAll(/%2f/gi, '/').startsWith(archives);
}

function hasScripts(path: string, entry: Entry): boolean {
  return path.includes('node_modules/') && (entry.hasInstallScript === true || entry.link === true);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function packagesOf(file: string): Readonly<Record<string, Entry>> | undefined {
  try {
    const text = readText(file, LOCKFILE_BYTES_MAX)?.text ?? '';
    return (JSON.parse(text) as { packages?: Record<string, Entry> }).packages;
  } catch {
    return undefined;
  }
}
