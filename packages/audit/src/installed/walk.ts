/*
 * The packages that are installed beside a lockfile, and links that lead away from there. Nothing is followed: real folders make no
 * loops, however links are laid.
 */
import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { isWithin, readBounded, realAsFar } from '@tarwarden/host';

/** Package folders of one project. Large monorepos have some 10,000. */
const PACKAGES_MAX = 200_000;

/** `node_modules` within one another. */
const DEPTH_MAX = 100;

export interface InstalledPackage {
  readonly folder: string;
  /** What package.json says; empty where it does not. */
  readonly name: string;
  readonly version: string;
  /** Name of the folder, with its scope: another one for an alias. */
  readonly as: string;
}

export interface Installed {
  readonly packages: readonly InstalledPackage[];
  /** Links in `node_modules` that leave the project. */
  readonly leaving: readonly string[];
  /** Whether anything is installed at all. */
  readonly isThere: boolean;
  /** Links instead of a `node_modules`: what they lead to is not looked at. */
  readonly linked: readonly string[];
  /** There are more packages than are looked at. */
  readonly isCut: boolean;
}

/** Where managers keep packages that links in `node_modules` lead to, and Yarn unpacks what cannot stay zipped. */
const STORES: ReadonlySet<string> = new Set(['.pnpm', '.store', '.bun']);

/** @param root Folder that makes up the project: links may lead anywhere in it. */
export function installedIn(folder: string, root: string): Installed {
  const walk = new Walk(realAsFar(root));
  const modules = walk.modules(join(folder, 'node_modules'), 0);
  const unplugged = walk.store(join(folder, '.yarn', 'unplugged'), 0);
  const { packages, leaving, linked, isCut } = walk;
  const hasPnp = entriesOf(folder)?.some(({ name }) => /^\.pnp\.[cm]?js$/.test(name)) === true;
  return { packages, leaving, linked, isCut, isThere: modules || unplugged || hasPnp };
}

class Walk {
  readonly packages: InstalledPackage[] = [];
  readonly leaving: string[] = [];
  readonly linked: string[] = [];
  isCut = false;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** A folder `node_modules`; whether it is there. */
  modules(folder: string, depth: number): boolean {
    const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (isLink) this.linked.push(folder);
    if (isLink) return true;
    const entries = entriesOf(folder);
    if (entries === undefined) return false;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#link(path);
      else if (!entry.isDirectory()) continue;
      else if (entry.name === '.bin') this.#links(path);
      else if (STORES.has(entry.name)) this.store(path, depth + 1);
      else if (entry.name.startsWith('@')) this.#scope(path, depth);
      else if (!entry.name.startsWith('.')) this.#package(path, entry.name, depth);
    }
    return true;
  }

  /** A folder of folders that have a `node_modules` each; whether it is there. */
  store(folder: string, depth: number): boolean {
    const entries = entriesOf(folder)?.filter((entry) => entry.isDirectory());
    for (const { name } of entries ?? []) this.modules(join(folder, name, 'node_modules'), depth);
    if (basename(folder) !== 'unplugged') this.modules(join(folder, 'node_modules'), depth);
    return entries !== undefined;
  }

  #scope(folder: string, depth: number): void {
    for (const entry of entriesOf(folder) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#link(path);
      else if (entry.isDirectory()) this.#package(path, `${basename(folder)}/${entry.name}`, depth);
    }
  }

  #package(folder: string, as: string, depth: number): void {
    if (this.packages.length >= PACKAGES_MAX || depth >= DEPTH_MAX) {
      this.isCut = true;
      return;
    }
    this.packages.push({ folder, as, ...identityIn(folder) });
    this.modules(join(folder, 'node_modules'), depth + 1);
  }

  #links(folder: string): void {
    for (const entry of entriesOf(folder) ?? [])
      if (entry.isSymbolicLink()) this.#link(join(folder, entry.name));
  }

  #link(path: string): void {
    if (!isWithin(this.#root, realAsFar(path))) this.leaving.push(path);
  }
}

function identityIn(folder: string): { name: string; version: string } {
  try {
    const path = join(folder, 'package.json');
    const { bytes } = readBounded(path, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
    const { name, version } = JSON.parse(bytes?.toString('utf8') ?? '{}') as Record<
      string,
      unknown
    >;
    return { name: textOf(name), version: textOf(version) };
  } catch {
    return { name: '', version: '' };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
