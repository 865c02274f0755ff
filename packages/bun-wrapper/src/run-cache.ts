/*
 * bun's cache for one run. At the start it has only the metadata of registries. So the guard or bun itself has put each package there
 * in this run.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { folderEntries, folderNames } from '@tarwarden/guard';

const MANIFEST = /^[0-9a-f]{16}-[0-9a-f]{16}\.npm$|^[0-9a-f]{16}\.npm$/;

/** Matches the name of a package's folder in the cache. It may have a scope, and the host of its registry, also an IPv6 address. */
const NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~+@:[\]-]*$/;

/** Matches packages of registries and archives, also patched ones. */
const UNPACKED = /@@@\d+(_patch_hash=[0-9a-f]+)?$/;

const GIT = /^@(?:G|GH)@/;

interface Traits {
  /** Replaces packages that bun unpacked before it asked with the inspected ones. */
  readonly replaces?: boolean;
  readonly shared?: boolean;
}

export class RunCache {
  readonly folder: string;
  readonly #manifests: string;
  readonly #replaces: boolean;
  readonly #shared: SharedFolder | undefined;
  /** Inodes of the trees that the guard has put into the cache, by name. bun replaces a folder that is no package. */
  readonly #placed = new Map<string, bigint>();
  /** Names of the packages with a stand-in, by the name in the cache. */
  readonly #standIns = new Map<string, string>();
  readonly #excused = new Set<string>();

  /** @param folder An empty folder; a shared one must not exist yet. `manifests` keeps metadata of registries between runs. */
  constructor(
    folder: string,
    manifests: string,
    { replaces = false, shared = false }: Traits = {},
  ) {
    this.folder = folder;
    this.#replaces = replaces;
    this.#manifests = manifests;
    this.#shared = shared ? new SharedFolder(folder) : undefined;
    // Copy into a shared cache: a confined program could change a linked file.
    const putFile = shared ? copyFileSync : linkSync;
    for (const name of folderNames(manifests))
      if (MANIFEST.test(name)) attempt(() => putFile(join(manifests, name), join(folder, name)));
  }

  /** Puts a tree into the cache under this name. Returns whether bun finds it. */
  place(name: string, tree: string): boolean {
    const isStandIn = this.#standIns.delete(name);
    if (this.#placed.has(name) && !isStandIn) return true;
    if (!NAME.test(name)) return false;
    if (this.#shared !== undefined) return this.#placeShared(this.#shared, name, tree);
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    // bun unpacked this package before it asked.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      if (!this.#replaces && !isStandIn) return false;
      rmSync(path, { recursive: true });
    }
    // On other systems bun clones folders, and would clone the link.
    if (process.platform === 'linux') symlinkSync(tree, path);
    else cpSync(tree, path, { recursive: true, mode: constants.COPYFILE_FICLONE });
    this.#placed.set(name, inodeOf(path)!);
    return true;
  }

  /**
   * Puts an empty package into the cache under these names, so that bun does not fetch the package. Returns whether bun finds it. Does
   * nothing in a shared cache, in which confined programs could change stand-ins.
   */
  standIn(names: readonly string[], packageName: string): boolean {
    if (this.#shared !== undefined) return false;
    const missing = names.filter((name) => !this.#placed.has(name));
    const paths = missing.map((name) => join(this.folder, name));
    if (!missing.every((name) => NAME.test(name))) return false;
    if (paths.some((path) => inodeOf(path) !== undefined)) return false;
    for (const [index, path] of paths.entries()) {
      mkdirSync(dirname(path), { recursive: true });
      makeStandIn(path);
      this.#placed.set(missing[index]!, inodeOf(path)!);
      this.#standIns.set(missing[index]!, packageName);
    }
    return true;
  }

  /** Packages whose stand-in bun has installed into one of these folders. */
  usedStandIns(folders: readonly string[]): string[] {
    const usedEntries = [...this.#standIns].filter(([name, packageName]) =>
      isUsed(
        join(this.folder, name),
        folders.map((folder) => join(folder, 'node_modules', packageName)),
      ),
    );
    return [...new Set(usedEntries.map(([, packageName]) => packageName))];
  }

  #placeShared(shared: SharedFolder, name: string, tree: string): boolean {
    const isPlaced = attempt(() => {
      shared.link(name, tree);
      return true;
    });
    const inode = inodeOf(join(this.folder, name));
    if (isPlaced !== true || inode === undefined) return false;
    this.#placed.set(name, inode);
    return true;
  }

  /** Lets bun unpack a package by itself, because report mode has reported it. */
  excuse(name: string): void {
    this.#excused.add(name);
  }

  /** Names of folders that bun unpacked by itself, without git repositories. */
  unpacked(): string[] {
    return this.#folders().filter((name) => {
      const patch = UNPACKED.exec(name);
      if (patch === null || GIT.test(name)) return false;
      const plain = name.slice(0, name.length - (patch[1]?.length ?? 0));
      return !this.#isAsPlaced(plain) && !this.#excused.has(plain);
    });
  }

  #isAsPlaced(name: string): boolean {
    const placedInode = this.#placed.get(name);
    return placedInode !== undefined && placedInode === inodeOf(join(this.folder, name));
  }

  /** Paths of checkouts of git repositories, and of GitHub's archives. */
  checkouts(): string[] {
    return folderNames(this.folder)
      .filter((name) => GIT.test(name))
      .map((name) => join(this.folder, name));
  }

  /** Keeps the metadata of registries, and removes the rest. The owner of a shared cache removes it. */
  close(): void {
    if (this.#shared !== undefined) return this.#shared.close();
    for (const name of folderNames(this.folder))
      if (MANIFEST.test(name))
        attempt(() => renameSync(join(this.folder, name), join(this.#manifests, name)));
    attempt(() => rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 }));
  }

  /** Folders of packages, also in scopes. Skips links, which are bun's index by name. */
  #folders(): string[] {
    return folderEntries(this.folder).flatMap(({ name }) =>
      UNPACKED.test(name) || GIT.test(name)
        ? [name]
        : folderEntries(join(this.folder, name))
            .filter((entry) => !entry.isSymbolicLink())
            .map((entry) => `${name}/${entry.name}`),
    );
  }
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

const FILE = 'package.json';

/**
 * The manifest of an empty package, the stand-in for a package of another platform. If bun chooses its platform differently than the
 * guard, it installs this and not a package that was never inspected. No range matches this version, so bun replaces it later.
 */
const STAND_IN_MANIFEST = `${JSON.stringify({
  version: '0.0.0-not-inspected',
  description: 'tarwarden has not inspected this package, since it is for another platform',
})}\n`;

function makeStandIn(path: string): void {
  mkdirSync(path);
  writeFileSync(join(path, FILE), STAND_IN_MANIFEST, { flag: 'wx' });
}

/** Whether bun has linked a stand-in into a project, or copied it into one of these folders. */
function isUsed(path: string, folders: readonly string[]): boolean {
  const stat = lstatSync(join(path, FILE), { throwIfNoEntry: false });
  return stat === undefined || stat.nlink > 1 || folders.some(isStandIn);
}

function isStandIn(folder: string): boolean {
  try {
    const file = join(folder, FILE);
    return (
      lstatSync(file).size === STAND_IN_MANIFEST.length &&
      readFileSync(file, 'utf8') === STAND_IN_MANIFEST
    );
  } catch {
    return false;
  }
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder in which other processes also make links. We make our links in this very folder, wherever its path leads meanwhile. */
export class SharedFolder {
  readonly #opened: number;

  /** @param folder A new folder, in a place where no other process writes yet. */
  constructor(folder: string) {
    mkdirSync(folder, { mode: 0o700 });
    this.#opened = openSync(folder, FOLDER);
  }

  /** Makes a link, and the folder in its name if there is one. Throws if something has that name. */
  link(name: string, target: string): void {
    const [baseName, folder] = name.split('/').toReversed();
    if (folder === undefined) return symlinkSync(target, this.#path(name));
    try {
      mkdirSync(this.#path(folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const opened = openSync(this.#path(folder), FOLDER);
    try {
      symlinkSync(target, `/proc/self/fd/${opened}/${baseName}`);
    } finally {
      closeSync(opened);
    }
  }

  close(): void {
    closeSync(this.#opened);
  }

  #path(name: string): string {
    return `/proc/self/fd/${this.#opened}/${name}`;
  }
}
