/* Audits lockfiles, and compares the packages that are installed beside them. */
import { printablePath } from '@tarwarden/core/text';
import type { UnpackedFiles } from '@tarwarden/core/trees';
import { audit, type AuditHooks } from '../audit.ts';
import type { AuditOptions } from '../auditor.ts';
import type { LockfileEntry, AuditPlan, AuditTask } from '../plan.ts';
import type { AuditResult, Check } from '../result.ts';
import { againstArchive } from '../compare/against-archive.ts';
import { installedChecks } from './compare.ts';
import type { PlantedFile } from './planted.ts';
import type { InstalledTree, InstalledFolder } from './walk.ts';
import { relative, sep } from 'node:path';

interface WaitingChecks {
  readonly installedPackage: InstalledFolder;
  readonly checks: readonly Check[];
}

class Bundles {
  readonly #bundlers: ReadonlySet<string>;
  readonly #archives = new Map<string, UnpackedFiles>();
  readonly #waiting: WaitingChecks[] = [];

  constructor(packages: readonly InstalledFolder[]) {
    this.#bundlers = new Set(packages.flatMap(({ within }) => within ?? []));
  }

  inspected(folder: string, files: UnpackedFiles): void {
    if (this.#bundlers.has(folder)) this.#archives.set(folder, files);
  }

  wait(installedPackage: InstalledFolder, checks: readonly Check[]): void {
    if (checks.length > 0) this.#waiting.push({ installedPackage, checks });
  }

  /** Yields the checks of inner packages that came in no archive. If the outer package was not inspected, its own result says so, and nothing is known about the inner ones. */
  *settled(): Generator<WaitingChecks> {
    for (const waiting of this.#waiting) {
      const { folder, within = '' } = waiting.installedPackage;
      const files = this.#archives.get(within);
      const path = `${relative(within, folder).split(sep).join('/')}/`;
      if (files !== undefined && ![...files.keys()].some((file) => file.startsWith(path)))
        yield waiting;
    }
  }
}

/** Yields the results of {@link audit}, then those of packages that no lockfile names, and of links that leave the project. */
export async function* auditInstalled(
  plan: AuditPlan,
  installed: InstalledTree,
  options: AuditOptions,
): AsyncGenerator<AuditResult> {
  const { byTask, unknown } = assigned(plan.tasks, installed.packages);
  const bundles = new Bundles(installed.packages);
  const compareFor: AuditHooks['compareFor'] = (task) => {
    const folders = byTask.get(task);
    if (folders === undefined) return undefined;
    // Any client may have installed them. The tree for pnpm has the paths of the archive.
    return (obtained) =>
      againstArchive(obtained, 'pnpm', options.policy.limits, (files) =>
        folders.flatMap((installedPackage) => {
          const checks = installedChecks(installedPackage.folder, files);
          bundles.inspected(installedPackage.folder, files);
          if (installedPackage.within === undefined) return checks;
          bundles.wait(installedPackage, checks);
          return [];
        }),
      );
  };
  yield* audit(plan, options, { compareFor });
  for (const installedPackage of unknown)
    if (installedPackage.within === undefined) yield resultOf(installedPackage, [NOT_LOCKED]);
    else bundles.wait(installedPackage, [NOT_LOCKED]);
  for (const { installedPackage, checks } of bundles.settled())
    yield resultOf(installedPackage, checks);
  for (const entry of installed.planted) yield planted(entry);
  for (const link of installed.leaving) yield wrongLink(link, 'that leaves the project');
  for (const link of installed.hidden) yield wrongLink(link, 'to what is of no package');
  for (const link of installed.linked) yield unread(link, 'it is a link, which is not followed');
  if (installed.isCut)
    yield unread('node_modules', 'more packages are installed than are looked at');
}

export interface AssignedFolders {
  readonly byTask: ReadonlyMap<AuditTask, readonly InstalledFolder[]>;
  readonly unknown: readonly InstalledFolder[];
}

/** Finds the task of each installed package by its package.json or folder. A lockfile may have no version for a package from elsewhere than a registry. */
export function assigned(
  tasks: readonly AuditTask[],
  packages: readonly InstalledFolder[],
): AssignedFolders {
  const named = new Map<string, AuditTask>();
  for (const task of withPatchesLast(tasks)) {
    for (const entry of task) {
      const { locked } = entry;
      if (locked.name === '' || isLinked(entry)) continue;
      named.set(`${locked.name}@${locked.version}`, task);
      if (locked.version === '') named.set(locked.name, task);
      // npm writes the folder into the key, if the package has another name.
      const folder = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(locked.key)?.[1];
      if (folder !== undefined && locked.source.type !== 'registry') named.set(folder, task);
    }
  }
  const byTask = new Map<AuditTask, InstalledFolder[]>();
  const unknown: InstalledFolder[] = [];
  for (const installedPackage of packages) {
    const { name, version, as } = installedPackage;
    const keys = [`${name}@${version}`, `${as}@${version}`, name, as];
    const task = keys.map((key) => named.get(key)).find((found) => found !== undefined);
    if (task === undefined) unknown.push(installedPackage);
    else byTask.set(task, [...(byTask.get(task) ?? []), installedPackage]);
  }
  return { byTask, unknown };
}

/** Whether managers link the package, so that a real folder of that name is something else. npm links folders. */
function isLinked({ kind, locked: { source } }: LockfileEntry): boolean {
  if (source.type === 'workspace') return true;
  return source.type === 'folder' && (kind === 'package-lock' || kind === 'npm-shrinkwrap');
}

/** A patched package replaces the package of the same name and version, so its task comes last and wins. */
function withPatchesLast(tasks: readonly AuditTask[]): AuditTask[] {
  const isPatch = ([{ locked }]: AuditTask): boolean => locked.source.type === 'patch';
  return [...tasks.filter((task) => !isPatch(task)), ...tasks.filter(isPatch)];
}

const NOT_LOCKED: Check = {
  id: 'not-locked',
  level: 'error',
  message: 'it is installed, and no lockfile names it in this version',
};

function resultOf(
  { folder, name, version, as }: InstalledFolder,
  checks: readonly Check[],
): AuditResult {
  const identity = { ecosystem: 'npm', name: name === '' ? as : name, version } as const;
  return { places: [{ file: folder }], checks, status: 'own', why: 'installed', package: identity };
}

function planted({ path, isFound }: PlantedFile): AuditResult {
  const what = isFound ? 'is found by its name, and is of no package' : 'is of no package';
  const message = `${printablePath(path)} ${what}, nor known to be of a package manager`;
  return about(path, { id: 'installed-extra', level: isFound ? 'error' : 'warning', message });
}

function wrongLink(path: string, where: string): AuditResult {
  const message = `${printablePath(path)} is a link ${where}`;
  return about(path, { id: 'installed-link', level: 'error', message });
}

function about(file: string, check: Check): AuditResult {
  return { places: [{ file }], checks: [check], status: 'own', why: 'installed' };
}

function unread(file: string, message: string): AuditResult {
  const error = { code: 'NO_BYTES', message } as const;
  return { places: [{ file }], checks: [], status: 'not-inspected', error };
}
