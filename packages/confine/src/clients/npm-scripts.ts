import { join } from 'node:path';
import { readText } from '@tarwarden/settings';

/** The packages of an installed tree that have install scripts, by the names that "npm rebuild" takes. */
export interface Scripted {
  readonly required: readonly string[];
  /** npm goes on if the scripts of these packages fail. */
  readonly optional: readonly string[];
  /** Names whose folder does not hold the package that the user's registry has under that name. */
  readonly renamed: readonly string[];
}

interface Entry {
  /** The name in package.json, if the folder has another one. */
  readonly name?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** npm itself writes a list of the packages that it installed, and of those with scripts, into node_modules. */
const LOCKFILE = 'node_modules/.package-lock.json';
const LOCKFILE_BYTES_MAX = 64 * 1024 * 1024;

/** Undefined if npm left no list. */
export function scriptedPackages(
  root: string,
  registryOf: (name: string) => string,
): Scripted | undefined {
  const all = packagesOf(join(root, LOCKFILE));
  if (all === undefined) return undefined;
  const packages = Object.entries(all);
  // Folders of the workspace have scripts of their own, among them "prepare". The list does not mention those.
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

/** A registry has the archives of a package below its name, `…/name/-/name-1.0.0.tgz`. */
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
