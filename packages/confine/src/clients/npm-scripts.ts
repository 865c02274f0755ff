import { join } from 'node:path';
import { readText } from '../settings.ts';

/** Packages of an installed tree that have install scripts, by the names that "npm rebuild" takes. */
export interface Scripted {
  readonly required: readonly string[];
  /** npm goes on without these where their scripts fail. */
  readonly optional: readonly string[];
}

interface Entry {
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** npm itself writes into node_modules which packages it put there, and which of them have scripts. */
const LOCKFILE = 'node_modules/.package-lock.json';
const LOCKFILE_BYTES_MAX = 64 * 1024 * 1024;

/** Undefined where npm left no list. */
export function scriptedPackages(root: string): Scripted | undefined {
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
  return { required, optional: names(true).filter((name) => !required.includes(name)) };
}

function hasScripts(path: string, entry: Entry): boolean {
  return path.includes('node_modules/') && (entry.hasInstallScript === true || entry.link === true);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function packagesOf(file: string): Readonly<Record<string, Entry>> | undefined {
  try {
    const text = readText(file, LOCKFILE_BYTES_MAX);
    return (JSON.parse(text) as { packages?: Record<string, Entry> }).packages;
  } catch {
    return undefined;
  }
}
