/*
 * bun's cache for one run: at first it holds only what registries said earlier of their packages, so that every package that bun
 * finds there was put there by the guard, and every other is one that bun unpacked in this run.
 */
import {
  constants,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  type Dirent,
} from 'node:fs';
import { dirname, join } from 'node:path';

const MANIFEST = /^[0-9a-f]{16}-[0-9a-f]{16}\.npm$|^[0-9a-f]{16}\.npm$/;

/** Of a package, with its scope, and the host of its registry, which may be an address of IPv6: nothing that leads elsewhere. */
const NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~+@:[\]-]*$/;

/** A package of a registry or an archive, and one of a patched package. */
const UNPACKED = /@@@\d+(_patch_hash=[0-9a-f]+)?$/;

const GIT = /^@(?:G|GH)@/;

export class RunCache {
  readonly folder: string;
  readonly #manifests: string;
  /** What bun has unpacked before it asked gives way to what was inspected. */
  readonly #replaces: boolean;
  readonly #placed = new Set<string>();
  readonly #excused = new Set<string>();

  /** @param folder That is empty. `manifests` keeps what registries say, from run to run. */
  constructor(folder: string, manifests: string, replaces: boolean = false) {
    this.folder = folder;
    this.#replaces = replaces;
    this.#manifests = manifests;
    for (const name of namesIn(manifests))
      if (MANIFEST.test(name)) attempt(() => linkSync(join(manifests, name), join(folder, name)));
  }

  /** Has bun find a tree under this name. Answers whether it does. */
  place(name: string, tree: string): boolean {
    if (this.#placed.has(name)) return true;
    if (!NAME.test(name)) return false;
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    // bun has it already, from before it asked.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      if (!this.#replaces) return false;
      rmSync(path, { recursive: true });
    }
    // What clones folders would clone the link.
    if (process.platform === 'linux') symlinkSync(tree, path);
    else cpSync(tree, path, { recursive: true, mode: constants.COPYFILE_FICLONE });
    this.#placed.add(name);
    return true;
  }

  /** bun may unpack this by itself: it was reported, and report mode stops nothing. */
  excuse(name: string): void {
    this.#excused.add(name);
  }

  /** Names of folders that bun unpacked by itself, those of git repositories apart. */
  unpacked(): string[] {
    return this.#folders().filter((name) => {
      const patch = UNPACKED.exec(name);
      if (patch === null || GIT.test(name)) return false;
      const plain = name.slice(0, name.length - (patch[1]?.length ?? 0));
      return !this.#placed.has(plain) && !this.#excused.has(plain);
    });
  }

  /** Paths of the checkouts of git repositories, and of what GitHub sent. */
  checkouts(): string[] {
    return namesIn(this.folder)
      .filter((name) => GIT.test(name))
      .map((name) => join(this.folder, name));
  }

  /** Keeps what registries said, and removes the rest. */
  close(): void {
    for (const name of namesIn(this.folder))
      if (MANIFEST.test(name))
        attempt(() => renameSync(join(this.folder, name), join(this.#manifests, name)));
    attempt(() => rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 }));
  }

  /** Folders of packages, and what is in others: scopes. Links there are bun's index by name. */
  #folders(): string[] {
    return entriesIn(this.folder).flatMap(({ name }) =>
      UNPACKED.test(name) || GIT.test(name)
        ? [name]
        : entriesIn(join(this.folder, name))
            .filter((one) => !one.isSymbolicLink())
            .map((one) => `${name}/${one.name}`),
    );
  }
}

function entriesIn(folder: string): Dirent[] {
  return attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [];
}

function namesIn(folder: string): string[] {
  return attempt(() => readdirSync(folder)) ?? [];
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
