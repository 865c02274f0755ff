/* Inspects packages before pnpm resolves, after it has resolved, and for each package that it resolves. */
import { pnpmDocumentClaim, type NpmClaim } from '@tarwarden/core/metadata';
import { readdirSync } from 'node:fs';
import { nothingInstalledLine } from '@tarwarden/guard/kit';
import { errnoOf, projectLink } from '@tarwarden/guard';
import { workspaceFolders } from '@tarwarden/guard/workspace-members';
import { inWorker } from '../engine.ts';
import type { Guard, GuardingHook } from '../inspection/guard.ts';
import { refuseLocalDependencies, refuseLocalEdges } from '../project/local-edges.ts';
import { MissingError, notInspectedError } from '../messages.ts';
import type {
  PnpmLockfile,
  LockfilePackage,
  PnpmManifest,
  ResolutionContext,
} from '../pnpm-shapes.ts';
import type { Session } from '../session.ts';
import { isPublished, lockedSources, registrySource, type PnpmSource } from '../source.ts';
import { familySync } from 'detect-libc';

const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'];

/** A folder with a lockfile, and the session for it. */
interface LockedProject {
  readonly lockfileDir: string;
  readonly session: Session;
}

const NO_SPECIFIERS = { specifiers: [], overridden: [] };

interface ResolvingHook extends GuardingHook {
  readonly documents: Map<string, NpmClaim>;
  adoptRegistries(registries?: Readonly<Record<string, string>>): Session;
}

export class Gates {
  readonly #hook: ResolvingHook;
  /** No package is in pnpm's store and nothing is linked, so pnpm needs a fetcher for every package. */
  #cold = false;
  readonly #names = new OptionalNames();
  /**
   * The projects, by the importers object of their lockfiles. If each project has a lockfile, pnpm 10 and 11 install several at once,
   * and only its importers identify a resolved lockfile. pnpm 12 has a worker for each project.
   */
  readonly #projects = new WeakMap<object, LockedProject>();
  #lastLockfileDir: string = process.cwd();
  /** The registries that say of some package that it has install scripts. */
  readonly #tellingRegistries = new Set<string>();
  /** The documents of registries that have not said so yet. */
  readonly #silentDocuments = new Map<string, PnpmManifest[]>();

  constructor(hook: ResolvingHook) {
    this.#hook = hook;
  }

  /** `preResolution`. If lockfile and store have everything, pnpm calls no other hook. */
  async beforeResolution(context: ResolutionContext): Promise<void> {
    const { refusals } = this.#hook;
    refusals.rethrow();
    this.#hook.session();
    await this.#hook.guard(context.lockfileDir);
    const { wantedLockfile, storeDir, lockfileDir = this.#lastLockfileDir } = context;
    if (wantedLockfile === undefined || storeDir === undefined)
      throw refusals.add(notInspectedError('pnpm showed no lockfile before resolving'));
    const project = { lockfileDir, session: this.#hook.adoptRegistries(context.registries) };
    this.#lastLockfileDir = lockfileDir;
    if (wantedLockfile.importers) this.#projects.set(wantedLockfile.importers, project);
    // pnpm 10 and 11 make folders for packages that a fetcher then refuses. There, everything is inspected before.
    const cold = inWorker && context.existsCurrentLockfile === false && holdsNoPackage(storeDir);
    this.#cold = cold;
    refusals.keep(() => {
      refuseProjectLinks(lockfileDir, projectsOf(wantedLockfile, project));
      refuseLocal(wantedLockfile, project);
    });
    await this.#inspect(wantedLockfile, project, cold);
  }

  /** `afterAllResolved`. pnpm 12 calls it after linking, when it can only report a problem. */
  async afterResolution(lockfile: PnpmLockfile): Promise<void> {
    const { refusals } = this.#hook;
    refusals.rethrow();
    const project = this.#projectOf(lockfile);
    // This lockfile may name new projects.
    refusals.keep(() => {
      refuseProjectLinks(project.lockfileDir, projectsOf(lockfile, project));
      refuseLocal(lockfile, project);
    });
    // Inspect everything: if a fetcher refuses a package later, pnpm leaves a lockfile and empty folders.
    await this.#inspect(lockfile, project);
  }

  /** The folders from which a relative path of a dependency may start, because pnpm 12 does not say which project has it. */
  folders(): readonly string[] {
    const { workspaces = [] } = this.#hook.session();
    return [
      this.#lastLockfileDir,
      ...workspaceFolders(this.#lastLockfileDir, workspaces, MANIFESTS),
    ];
  }

  /**
   * Whether pnpm leaves out an optional package, because it is for another machine. A package that was rejected before is inspected in
   * any case.
   */
  #isLeftOut(
    source: PnpmSource,
    wants: Pick<LockfilePackage, Axis>,
    { guard, session }: { readonly guard: Guard; readonly session: Session },
  ): boolean {
    return (
      isPublished(source) &&
      !mayRunHere(wants, session) &&
      guard.remembered(source)?.status !== 'reject'
    );
  }

  /** How much the registry's document says, by the settings of the project and the other documents of the registry. */
  #words({ dist, hasInstallScript }: PnpmManifest): Parameters<typeof pnpmDocumentClaim>[1] {
    const origin = originOf(dist);
    if (hasInstallScript !== undefined) this.#tellingRegistries.add(origin);
    return {
      isWhole: this.#hook.session().isReshaped !== true,
      tells: this.#tellingRegistries.has(origin),
    };
  }

  /**
   * Once a registry says of one package that it has install scripts, its silence about the packages before is a statement too. They are
   * weighed again. pnpm does not wait for that: a refusal stops it at its next hook.
   */
  #weighAgain(manifest: PnpmManifest, tells: boolean, guard: Guard): void {
    const origin = originOf(manifest.dist);
    const silent = this.#silentDocuments.get(origin) ?? [];
    if (!tells) {
      silent.push(manifest);
      this.#silentDocuments.set(origin, silent);
      return;
    }
    this.#silentDocuments.delete(origin);
    for (const earlier of silent) {
      const source = published(earlier, this.#words(earlier));
      if (source?.claim === undefined) continue;
      this.#hook.documents.set(source.id, source.claim);
      guard.weighAgain(source);
    }
  }

  /** The project of a resolved lockfile. If another pnpmfile has replaced the lockfile, the last project. */
  #projectOf({ importers = {} }: PnpmLockfile): LockedProject {
    const lastProject = { lockfileDir: this.#lastLockfileDir, session: this.#hook.session() };
    return this.#projects.get(importers) ?? lastProject;
  }

  /**
   * Inspects the packages of a lockfile, also those that pnpm's store has. With `leavesToFetchers`, it leaves packages to our fetchers,
   * so that pnpm can unpack in the meantime.
   */
  async #inspect(
    lockfile: PnpmLockfile,
    { lockfileDir, session }: LockedProject,
    leavesToFetchers = false,
  ): Promise<void> {
    const guard = await this.#hook.guard(lockfileDir);
    const toInspect: PnpmSource[] = [];
    const byFetchers: PnpmSource[] = [];
    const { settings, mirrors, isReshaped = false } = session;
    const context = { settings, mirrors, lockfileDir, isReshaped };
    const sources = this.#hook.refusals.keep(() => lockedSources(lockfile, context));
    // pnpm ignores a fetcher's refusal of such packages, and of their dependencies.
    const lies = sources.some(({ optional, forgiven }) => forgiven && !optional);
    for (const { source, optional, calledOptional, locked } of sources) {
      // pnpm 10 believes the lockfile, and pnpm 11 and 12 use the graph. The package is left out only if both agree.
      if (optional && calledOptional && this.#isLeftOut(source, locked, { guard, session }))
        continue;
      // pnpm ignores a fetcher's error about an optional dependency, so inspect it here.
      const fetcherInspects = leavesToFetchers && !lies && !optional && isPublished(source);
      if (leavesToFetchers && optional && isPublished(source)) guard.allowMissing(source);
      const isLeft = fetcherInspects && guard.remembered(source)?.status !== 'reject';
      (isLeft ? byFetchers : toInspect).push(source);
    }
    await guard.inspectAll(toInspect);
  }

  /** `readPackage` on pnpm 12. If the store has a package that no lockfile names, this is the last hook before linking. */
  async beforeUse(manifest: PnpmManifest): Promise<void> {
    this.#hook.refusals.rethrow();
    const guard = await this.#hook.guard(this.#lastLockfileDir);
    const due = this.#names.see(manifest);
    const words = this.#words(manifest);
    const source = published(manifest, words);
    this.#weighAgain(manifest, words.tells, guard);
    if (source !== undefined) {
      if (source.claim) this.#hook.documents.set(source.id, source.claim);
      const { own: ownSpecifiers = NO_SPECIFIERS } = this.#hook.session();
      this.#hook.refusals.keep(() => refuseLocalDependencies(manifest, ownSpecifiers));
      const { name } = source.expected;
      const optional = this.#names.onlyOptional(name);
      const session = this.#hook.session();
      if (optional && this.#isLeftOut(source, manifest, { guard, session }))
        this.#names.skip(name, source);
      else if (!this.#cold || !isPublished(source) || this.#names.maybeOptional(name))
        due.push(source);
      // The store does not have it, so pnpm gets it from our fetcher or not at all.
      if (optional && this.#cold && isPublished(source)) guard.allowMissing(source);
    }
    await Promise.all(
      due.map((source) =>
        guard.inspectSoon(source).catch((error: unknown) => {
          if (!(error instanceof MissingError)) throw error;
        }),
      ),
    );
  }
}

function originOf(dist: PnpmManifest['dist']): string {
  return /^https?:\/\/[^/]+/i.exec(dist?.tarball ?? '')?.[0] ?? '';
}

function published(
  manifest: PnpmManifest,
  words: Parameters<typeof pnpmDocumentClaim>[1],
): (PnpmSource & { expected: { name: string; version: string } }) | undefined {
  const { name, version, dist } = manifest;
  if (name === undefined || version === undefined || dist?.tarball === undefined) return undefined;
  const integrity = dist.integrity ?? sha1(dist.shasum);
  return registrySource(
    { name, version },
    { url: dist.tarball, integrity, claim: pnpmDocumentClaim(manifest, words) },
  );
}

function sha1(shasum: string | undefined): string | undefined {
  if (shasum === undefined || !/^[0-9a-f]{40}$/i.test(shasum)) return undefined;
  return `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`;
}

/** The folders of the projects that a lockfile is for. Relative ones are below the lockfile's folder. */
function projectsOf(
  { importers = {} }: PnpmLockfile,
  { lockfileDir, session: { workspaces = [] } }: LockedProject,
): readonly string[] {
  const members = inWorker ? workspaceFolders(lockfileDir, workspaces, MANIFESTS) : [];
  return [...Object.keys(importers), ...members];
}

function refuseLocal(lockfile: PnpmLockfile, { lockfileDir, session }: LockedProject): void {
  const { own: ownSpecifiers = NO_SPECIFIERS, workspaces = [] } = session;
  refuseLocalEdges(lockfile, {
    lockfileDir,
    own: ownSpecifiers,
    folders: () => workspaceFolders(lockfileDir, workspaces, MANIFESTS),
  });
}

/**
 * Refuses links of the repository through which pnpm would write outside of the project.
 * @param projects Projects of the workspace; relative ones are below the lockfile's folder.
 * @throws HookError that names the link.
 */
function refuseProjectLinks(lockfileDir: string, projects: readonly string[]): void {
  const link = projectLink('pnpm', { root: lockfileDir, folders: projects });
  if (link !== undefined) throw notInspectedError(nothingInstalledLine(link.problem, link.remedy));
}

/**
 * The entries that pnpm makes in its store before the first package: a list of the projects that use it, and an index. Files of
 * packages, and packages that are linked from the store, are in other entries.
 */
const NO_PACKAGES = new Set(['projects', 'index.db', 'index.db-shm', 'index.db-wal']);

/** Whether a store certainly contains no package. False if it has an unknown entry. */
export function holdsNoPackage(directory: string): boolean {
  try {
    return readdirSync(directory).every((name) => NO_PACKAGES.has(name));
  } catch (error) {
    return errnoOf(error) === 'ENOENT';
  }
}

/**
 * Knows the packages that only optional dependencies name. pnpm leaves out only such packages if they are for another machine. The
 * manifests that pnpm shows say which dependencies are optional.
 */
export class OptionalNames {
  readonly #regular = new Set<string>();
  readonly #optional = new Set<string>();
  readonly #skipped = new Map<string, PnpmSource[]>();

  /** Notes the dependencies of a manifest. Returns packages that were skipped and are needed after all. */
  see(manifest: PnpmManifest): PnpmSource[] {
    const optional = manifest.optionalDependencies ?? {};
    for (const [alias, range] of Object.entries(optional))
      this.#optional.add(packageName(alias, range));
    const due: PnpmSource[] = [];
    const { dependencies, devDependencies, peerDependencies } = manifest;
    for (const [alias, range] of Object.entries({
      ...peerDependencies,
      ...devDependencies,
      ...dependencies,
    })) {
      if (alias in optional) continue;
      const name = packageName(alias, range);
      this.#regular.add(name);
      due.push(...(this.#skipped.get(name) ?? []));
      this.#skipped.delete(name);
    }
    return due;
  }

  onlyOptional(name: string): boolean {
    return this.#optional.has(name) && !this.#regular.has(name);
  }

  maybeOptional(name: string): boolean {
    return this.#optional.has(name);
  }

  skip(name: string, source: PnpmSource): void {
    this.#skipped.set(name, [...(this.#skipped.get(name) ?? []), source]);
  }
}

/** The name of the package: `npm:real@^1.0.0` under an alias means `real`. */
function packageName(alias: string, range: string): string {
  return /^npm:(@?[^@]+)(?:@|$)/.exec(range)?.[1] ?? alias;
}

/**
 * Whether an optional package for the platforms `wants` may be installed. False only if pnpm 10, 11 and 12 all leave it out: they
 * disagree about a list with both words and exclusions, and about `supportedArchitectures` in other forms than a list for each of `os`,
 * `cpu` and `libc`. Inspecting one package too many costs a download; leaving one out would let it pass uninspected.
 *
 * @param libc The family of the C library, as pnpm 10 and 11 find it out; null if it is unknown.
 */
export function mayRunHere(
  wants: { readonly [Name in Axis]?: readonly string[] },
  session: Pick<Session, 'architectures' | 'everyPlatform'>,
  libc: () => string | null = familySync,
): boolean {
  if (session.everyPlatform || !isByAxis(session.architectures)) return true;
  const currentValues: Record<Axis, () => string> = {
    os: () => process.platform,
    cpu: () => process.arch,
    libc: () => libc() ?? '',
  };
  return AXES.every((axis) => {
    const list: unknown = wants[axis];
    if (!isWords(list) || list.includes('any')) return true;
    const current = currentValues[axis]();
    const configured: unknown = session.architectures?.[axis] ?? ['current'];
    if (current === '' || !isWords(configured)) return true;
    return !excludesAll(
      list,
      configured.map((name) => (name === 'current' ? current : name)),
    );
  });
}

type Axis = 'os' | 'cpu' | 'libc';
const AXES: readonly Axis[] = ['os', 'cpu', 'libc'];

/** Whether the platforms are named in the form that pnpm 10, 11 and 12 share. */
function isByAxis(architectures: unknown): boolean {
  if (architectures === undefined || architectures === null) return true;
  if (typeof architectures !== 'object' || Array.isArray(architectures)) return false;
  return Object.keys(architectures).every((key) => AXES.some((axis) => axis === key));
}

/** Whether `list` excludes the machines with these names for every pnpm. */
function excludesAll(list: readonly string[], names: readonly string[]): boolean {
  const excluded = list.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  if (excluded.length === 0) return !names.some((name) => list.includes(name));
  // pnpm leaves a package out if the list excludes any of these names.
  return excluded.length === list.length && names.some((name) => excluded.includes(name));
}

function isWords(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')
  );
}
