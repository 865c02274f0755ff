/**
 * Packages that are already unpacked. Yarn does not link a package again if it finds a folder of `.yarn/unplugged` with a `.ready`
 * file, a package that `node_modules/.yarn-state.yml` lists, or a folder of `node_modules/.store`. But the repository, or an install
 * without the guard, may have put other files there than those in the archive. So the guard notes facts of the files that Yarn linked,
 * in this user's own cache. Before Yarn links, the guard removes all other files, and Yarn makes them again from the inspected archive.
 */
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { structUtils, type Project } from '@yarnpkg/core';
import { npath, ppath, type PortablePath } from '@yarnpkg/fslib';
import { factsOf, fileFacts, foldersIn, treeFacts } from './facts.ts';
import type { Guard } from './guard.ts';
import type { Guards } from './guards.ts';
import { refuseLinksOut } from './links.ts';
import { linksFromForeignStore } from './stores.ts';

/** A path that Yarn does not link again. */
interface LinkedPath {
  readonly path: string;
  /** Facts of the files that are there now. Undefined if they cannot be known. */
  facts(): string | undefined;
  /** Makes Yarn link it again. */
  undo(): void;
}

/** Before Yarn links, compares unpacked packages with the notes. After that, notes the packages that Yarn linked. */
export class Linking {
  readonly #guards: Guards;
  /** Projects that this process linked under the guard, so that Yarn's state of them can be noted. */
  readonly #linked = new WeakSet<Project>();

  constructor({ guards }: { readonly guards: Guards }) {
    this.#guards = guards;
  }

  /** Wraps Yarn's link step. */
  async link(
    project: Project,
    { report }: Parameters<Project['linkEverything']>[0],
    proceed: () => Promise<void>,
  ): Promise<void> {
    const guard = await this.#guards.for(project.configuration);
    if (linksFromForeignStore(project.configuration)) throw this.#guards.refusal(FOREIGN_STORE);
    await refuseLinksOut(project, this.#guards);
    const state = installState(project);
    if (!isAsNoted(guard, state)) state.undo();
    for (const made of unpacked(project)) {
      if (isAsNoted(guard, made)) continue;
      const where = relative(npath.fromPortablePath(project.cwd), made.path);
      this.#undo(made, where);
      report.reportInfo(
        null,
        `tarwarden: ${where} is not as an install under the guard left it; made anew`,
      );
    }
    await proceed();
    this.#linked.add(project);
    note(guard, unpacked(project));
  }

  /** Wraps the step in which Yarn writes its state. */
  async persist(project: Project, proceed: () => Promise<void>): Promise<void> {
    await proceed();
    if (!this.#linked.has(project)) return;
    note(await this.#guards.for(project.configuration), [installState(project)]);
  }

  /** Undoes a link. If the user may not write there, as in an image that root made, nothing is linked. */
  #undo(made: LinkedPath, where: string): void {
    try {
      made.undo();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      throw this.#guards.refusal(
        `tarwarden: refused to link: ${where} is not as an install under the guard left it, and cannot be made anew: ${code}\n` +
          'what to do: install as the user who may write there, or remove it; where this is an image, install when it is built and not when it is run',
      );
    }
  }
}

const FOREIGN_STORE =
  'tarwarden: refused to link: globalFolder is set by the project, and Yarn would link files out of it that are in no archive\n' +
  'what to do: move the line to ~/.yarnrc.yml, or set YARN_GLOBAL_FOLDER';

function isAsNoted(guard: Guard, { path, facts }: LinkedPath): boolean {
  return factsOf(path) === undefined || guard.madeHere(keyOf(path), facts());
}

function note(guard: Guard, all: Iterable<LinkedPath>): void {
  for (const { path, facts } of all) {
    if (factsOf(path) !== undefined) guard.noteMade(keyOf(path), facts());
  }
}

/** The real path, so that the notes do not depend on links to the project. */
function keyOf(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}

function* unpacked(project: Project): Generator<LinkedPath> {
  const { configuration } = project;
  const linker = configuration.get('nodeLinker');
  if (linker === 'pnp') yield* unplugged(project);
  const modules = join(npath.fromPortablePath(project.cwd), 'node_modules');
  if (linker === 'node-modules') {
    const path = join(modules, '.yarn-state.yml');
    yield { path, facts: () => factsOfFile(path), undo: () => remove(path) };
  }
  if (linker === 'pnpm') {
    // Yarn 3 does not have this setting.
    const set = configuration.values.get('pnpmStoreFolder') as PortablePath | undefined;
    yield store(project, set === undefined ? join(modules, '.store') : npath.fromPortablePath(set));
  }
}

/** The folders to which Yarn would unplug a package. Yarn removes the others by itself. */
function* unplugged(project: Project): Generator<LinkedPath> {
  const folder = npath.fromPortablePath(project.configuration.get('pnpUnpluggedFolder'));
  if (isOwnLink(project, folder)) {
    return yield { path: folder, facts: () => undefined, undo: () => remove(folder) };
  }
  if (!existsSync(folder)) return;
  for (const locator of project.storedPackages.values()) {
    const path = join(folder, structUtils.slugifyLocator(locator));
    const checksum = project.storedChecksums.get(locator.locatorHash) ?? '';
    const facts = (): string | undefined => {
      const tree = treeFacts(path);
      return tree && `${checksum} ${tree}`;
    };
    yield { path, facts, undo: () => remove(path) };
  }
}

/** The store of the pnpm linker. The guard compares only its folders, because it has very many files. */
function store(project: Project, path: string): LinkedPath {
  return {
    path,
    facts: () => foldersIn(path, 'package'),
    undo() {
      if (isOwnLink(project, path)) remove(path);
      // The setting may name any folder, so only the packages' own folders are removed.
      else
        for (const locator of project.storedPackages.values())
          remove(join(path, structUtils.slugifyLocator(locator)));
      // Yarn has to build these packages again, and notices that only for its other linkers.
      project.storedBuildState.clear();
    },
  };
}

/** Whether a path is a link in the project. Yarn makes no link there. A link outside the project is the user's. */
function isOwnLink(project: Project, path: string): boolean {
  const inProject = ppath.contains(project.cwd, npath.toPortablePath(path)) !== null;
  return inProject && factsOf(path)?.isSymbolicLink() === true;
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function factsOfFile(path: string): string | undefined {
  const stat = factsOf(path);
  return stat?.isFile() === true ? fileFacts(stat) : undefined;
}

/** Yarn's memory of packages between installs. It also says which commands and scripts a package has. */
function installState(project: Project): LinkedPath {
  const path = npath.fromPortablePath(project.configuration.get('installStatePath'));
  return {
    path,
    facts: () => factsOfFile(path),
    undo() {
      // The first name is Yarn 3's. Replace the value, because it came from a file and may not be a map.
      for (const name of ['installersCustomData', 'linkersCustomData'])
        if (name in project) Reflect.set(project, name, new Map());
    },
  };
}
