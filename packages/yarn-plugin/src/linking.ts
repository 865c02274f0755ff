/**
 * What is already unpacked. Yarn leaves alone what it finds where it would link a package: a folder of `.yarn/unplugged`
 * with its `.ready` file, what `node_modules/.yarn-state.yml` lists, a folder of `node_modules/.store`. These may come with
 * the repository, or from an install without the guard, and need not hold what the archive does. So what was linked under
 * the guard is noted, in this user's own cache, by facts of the files; anything else is taken away before Yarn links, which
 * then makes it anew of the archive that was inspected.
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

/** Something on disk that Yarn takes for done. */
interface Made {
  readonly path: string;
  /** What is there now; undefined where that cannot be said. */
  facts(): string | undefined;
  /** Sees to it that Yarn takes it for done no more. */
  undo(): void;
}

/** Looks at what is unpacked before Yarn links, and notes what Yarn made. */
export class Linking {
  readonly #guards: Guards;
  /** Projects that were linked under the guard in this process: what Yarn then says of their state is its own. */
  readonly #linked = new WeakSet<Project>();

  constructor({ guards }: { readonly guards: Guards }) {
    this.#guards = guards;
  }

  /** Around Yarn's link step. */
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

  /** Around what writes Yarn's state. */
  async persist(project: Project, proceed: () => Promise<void>): Promise<void> {
    await proceed();
    if (!this.#linked.has(project)) return;
    note(await this.#guards.for(project.configuration), [installState(project)]);
  }

  /** A project may lie where this user cannot write, as in an image that root made: then it stays unused, and that is said. */
  #undo(made: Made, where: string): void {
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

function isAsNoted(guard: Guard, { path, facts }: Made): boolean {
  return factsOf(path) === undefined || guard.madeHere(keyOf(path), facts());
}

function note(guard: Guard, all: Iterable<Made>): void {
  for (const { path, facts } of all) {
    if (factsOf(path) !== undefined) guard.noteMade(keyOf(path), facts());
  }
}

/** One name for a place, whatever links lead to the project. */
function keyOf(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}

function* unpacked(project: Project): Generator<Made> {
  const { configuration } = project;
  const linker = configuration.get('nodeLinker');
  if (linker === 'pnp') yield* unplugged(project);
  const modules = join(npath.fromPortablePath(project.cwd), 'node_modules');
  if (linker === 'node-modules') {
    const path = join(modules, '.yarn-state.yml');
    yield { path, facts: () => factsOfFile(path), undo: () => remove(path) };
  }
  if (linker === 'pnpm') {
    // Yarn 3 has no setting for it.
    const set = configuration.values.get('pnpmStoreFolder') as PortablePath | undefined;
    yield store(project, set === undefined ? join(modules, '.store') : npath.fromPortablePath(set));
  }
}

/** The folders that Yarn would unplug a package to. Others in there are Yarn's to remove. */
function* unplugged(project: Project): Generator<Made> {
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

/** The store of the pnpm linker: of its many files only the folders are looked at. */
function store(project: Project, path: string): Made {
  return {
    path,
    facts: () => foldersIn(path, 'package'),
    undo() {
      if (isOwnLink(project, path)) remove(path);
      // Nothing else: the setting may name any folder.
      else
        for (const locator of project.storedPackages.values())
          remove(join(path, structUtils.slugifyLocator(locator)));
      // What is linked anew has to be built anew, which Yarn notices of the other linkers alone.
      project.storedBuildState.clear();
    },
  };
}

/** A link in the project, which is not what Yarn makes there. One elsewhere is the user's. */
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

/** What Yarn remembers of packages between installs: also which commands and scripts they have, read out of no archive. */
function installState(project: Project): Made {
  const path = npath.fromPortablePath(project.configuration.get('installStatePath'));
  return {
    path,
    facts: () => factsOfFile(path),
    undo() {
      // The first is Yarn 3's name. Made anew and not emptied: what comes out of a file need not be a map.
      for (const name of ['installersCustomData', 'linkersCustomData'])
        if (name in project) Reflect.set(project, name, new Map());
    },
  };
}
