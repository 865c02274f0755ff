/*
 * Lists the packages that are installed beside a lockfile, and links that lead out of the project. It follows no link, and real folders
 * cannot form a loop.
 */
import { existsSync, lstatSync, readdirSync, type Dirent } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { isWithin, readBounded, realAsFar } from '@tarwarden/host';
import { isKnown, isPnpmShim, type PlantedFile } from './planted.ts';

/** Package folders of one project. Large monorepos have some 10,000. */
const PACKAGES_MAX = 200_000;

/** Files beside packages that are listed. */
const PLANTED_MAX = 1000;

/** Levels of `node_modules`. */
const DEPTH_MAX = 100;

export interface InstalledFolder {
  readonly folder: string;
  /** The name in package.json. Empty if there is none. */
  readonly name: string;
  readonly version: string;
  /** The name of the folder, with its scope. It differs from `name` for an alias. */
  readonly as: string;
  /** The folder of the outermost package around it that brings others. It may have come in the archive of that package. */
  readonly within?: string;
}

export interface InstalledTree {
  readonly packages: readonly InstalledFolder[];
  /** Links in `node_modules` that leave the project. */
  readonly leaving: readonly string[];
  /** Links in `node_modules` to something in a `node_modules` that belongs to no package. */
  readonly hidden: readonly string[];
  /** Whether anything is installed at all. */
  readonly isThere: boolean;
  /** Links in the place of a `node_modules`. Their targets are not listed. */
  readonly linked: readonly string[];
  readonly planted: readonly PlantedFile[];
  /** There are more packages than are listed. */
  readonly isCut: boolean;
}

/** The folders in which managers keep the packages to which links in `node_modules` lead. */
const STORES: ReadonlySet<string> = new Set(['.pnpm', '.store', '.bun']);

export interface ProjectPackages {
  /** The folder of the whole project. Links may lead anywhere in it. */
  readonly root: string;
  /** The folders of the project's other packages, as the lockfile has them. Each may have a `node_modules`. */
  readonly members: readonly string[];
}

export function installedTree(folder: string, { root, members }: ProjectPackages): InstalledTree {
  const real = realAsFar(root);
  const walk = new InstalledWalk(real);
  const own = [...new Set(members)]
    .map((member) => join(folder, member))
    // A link or a lockfile must not make an audit read folders outside the project.
    .filter((member) => isWithin(real, realAsFar(member)));
  const found = [folder, ...own].map((member) => walk.modules(join(member, 'node_modules'), 0));
  const modules = found.includes(true);
  const unplugged = walk.store(join(folder, '.yarn', 'unplugged'), 0);
  const { packages, leaving, linked, planted, isCut } = walk;
  const hidden = walk.hidden();
  const hasPnp = entriesOf(folder)?.some(({ name }) => /^\.pnp\.[cm]?js$/.test(name)) === true;
  return {
    packages,
    leaving,
    hidden,
    linked,
    planted,
    isCut,
    isThere: modules || unplugged || hasPnp,
  };
}

class InstalledWalk {
  readonly packages: InstalledFolder[] = [];
  readonly leaving: string[] = [];
  readonly linked: string[] = [];
  readonly planted: PlantedFile[] = [];
  isCut = false;
  readonly #root: string;
  /** Links that lead into a `node_modules` of the project. */
  readonly #links: { readonly path: string; readonly target: string }[] = [];
  /** The number of packages around the current folder. */
  #inside = 0;
  #bundler: string | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Lists a folder `node_modules`. False if it does not exist. */
  modules(folder: string, depth: number): boolean {
    const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (isLink) this.linked.push(folder);
    if (isLink) return true;
    const entries = entriesOf(folder);
    if (entries === undefined) return false;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#link(path);
      else if (!entry.isDirectory()) this.#file(path);
      else if (entry.name === '.bin') this.#commands(path);
      else if (STORES.has(entry.name)) this.store(path, depth + 1);
      else if (entry.name.startsWith('@')) this.#scope(path, depth);
      else if (!entry.name.startsWith('.')) this.#package(path, entry.name, depth);
      else if (!isKnown(entry.name)) this.#planted(path, false);
    }
    return true;
  }

  /** Lists a folder whose folders have a `node_modules` each. False if it does not exist. */
  store(folder: string, depth: number): boolean {
    const entries = entriesOf(folder)?.filter((entry) => entry.isDirectory());
    for (const { name } of entries ?? []) this.modules(join(folder, name, 'node_modules'), depth);
    if (basename(folder) !== 'unplugged') this.modules(join(folder, 'node_modules'), depth);
    // Yarn 4 has a package here, and its dependencies in `node_modules` beside it.
    if (basename(folder) === '.store')
      for (const { name } of entries ?? []) {
        const path = join(folder, name, 'package');
        if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
          this.#package(path, '', depth);
      }
    return entries !== undefined;
  }

  #scope(folder: string, depth: number): void {
    for (const entry of entriesOf(folder) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#link(path);
      else if (entry.isDirectory()) this.#package(path, `${basename(folder)}/${entry.name}`, depth);
      else this.#file(path);
    }
  }

  #package(folder: string, as: string, depth: number): void {
    if (this.packages.length >= PACKAGES_MAX || depth >= DEPTH_MAX) {
      this.isCut = true;
      return;
    }
    const { bundles, ...identity } = identityIn(folder);
    const outer = this.#bundler;
    this.packages.push({ folder, as, ...identity, ...(outer !== undefined && { within: outer }) });
    if (bundles) this.#bundler ??= folder;
    this.#inside += 1;
    this.modules(join(folder, 'node_modules'), depth + 1);
    this.#inside -= 1;
    this.#bundler = outer;
  }

  #commands(folder: string): void {
    for (const entry of entriesOf(folder) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#link(path);
      else if (!(entry.isFile() && this.#isCommand(path))) this.#planted(path, true);
    }
  }

  /** On Windows, managers write scripts in three languages, which are not checked. */
  #isCommand(path: string): boolean {
    return process.platform === 'win32' || isPnpmShim(path, this.#root);
  }

  #file(path: string): void {
    const name = basename(path);
    if (!isKnown(name)) this.#planted(path, !name.startsWith('.'));
  }

  /** Files inside a package are compared with its archive instead. */
  #planted(path: string, isFound: boolean): void {
    if (this.#inside > 0) return;
    if (this.planted.length < PLANTED_MAX) this.planted.push({ path, isFound });
    else this.isCut = true;
  }

  #link(path: string): void {
    const target = realAsFar(path);
    if (!isWithin(this.#root, target)) this.leaving.push(path);
    else if (isInModules(relative(this.#root, target)) && existsSync(path))
      this.#links.push({ path, target });
  }

  /** Links to something in a `node_modules` that belongs to no listed package. Node finds it by the name of the link. */
  hidden(): string[] {
    if (this.#links.length === 0) return [];
    const folders = new Set(this.packages.map(({ folder }) => realAsFar(folder)));
    const isOfPackage = (target: string): boolean => {
      for (let at = target; at !== this.#root && at !== dirname(at); at = dirname(at))
        if (folders.has(at)) return true;
      return false;
    };
    return this.#links.filter(({ target }) => !isOfPackage(target)).map(({ path }) => path);
  }
}

/** Whether a path is below a `node_modules`, and not a `node_modules` itself. */
function isInModules(path: string): boolean {
  return path.split(sep).slice(0, -1).includes('node_modules') && basename(path) !== 'node_modules';
}

function identityIn(folder: string): { name: string; version: string; bundles: boolean } {
  try {
    const path = join(folder, 'package.json');
    const { bytes } = readBounded(path, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
    const fields = JSON.parse(bytes?.toString('utf8') ?? '{}') as Record<string, unknown>;
    const { name, version, bundleDependencies, bundledDependencies } = fields;
    const bundles = [bundleDependencies, bundledDependencies].some(
      (list) => list === true || (Array.isArray(list) && list.length > 0),
    );
    return { name: stringOrEmpty(name), version: stringOrEmpty(version), bundles };
  } catch {
    return { name: '', version: '', bundles: false };
  }
}

function stringOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
