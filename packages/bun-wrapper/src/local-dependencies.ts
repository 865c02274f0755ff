/* Finds packages that depend on a folder or file of this machine and are not the user's own. bun does not say which package has a dependency. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  isLocalSpecifier,
  localDependency,
  lockedLocally,
  projectLink,
  unnamedLocally,
  type LocalDependency,
  type ProjectLink,
  type Subject,
} from '@tarwarden/guard';
import { workspaceFolders } from '@tarwarden/guard/workspace-members';
import {
  bunManifest,
  bunPackage,
  bunRoot,
  bunWorkspaces,
  childValues,
  type ManifestNode,
} from '@tarwarden/clients/settings';
import { originOf, type AskedPackage } from './question.ts';

export interface Suspects {
  /** Packages that are not the user's own, with their folders. */
  readonly packages: Iterable<readonly [folder: string, subject: Subject]>;
  readonly lockfile: string | undefined;
  /** Whether all packages that the user names are known. A script may name more in a command line. */
  readonly knowsAll: boolean;
}

/**
 * Whether a package is on this machine and bun does not check which package depends on it. bun 1.4 accepts folders and links by path
 * only from the project. It accepts repositories, packages that `bun link` has registered, and archives from bun.lock and from other
 * archives too.
 */
export function isLocal(askedPackage: AskedPackage): boolean {
  const { version } = askedPackage;
  const [, registered] = /^link:(.*)$/s.exec(version) ?? [];
  if (registered !== undefined) return !isPath(registered);
  return /^git\+file:/i.test(version) || originOf(askedPackage)?.type === 'file';
}

function isPath(text: string): boolean {
  return text === '.' || text === '..' || !/^(?:@[^/\\]+\/)?[^/\\]+$/.test(text);
}

/** Why a package from this machine is refused, and which package is named in the refusal. Undefined if it is allowed. */
export function localProblem(
  { name, version, tarball }: AskedPackage,
  ownNames: OwnNames,
  { packages, lockfile, knowsAll }: Suspects,
): { readonly subject: Subject; readonly problem: LocalDependency } | undefined {
  if (ownNames.has(version, tarball)) return undefined;
  const wantedSpecifier = bareSpecifier(version);
  for (const [folder, subject] of packages) {
    const specifier = dependenciesOf(folder).find(
      (text) => bareSpecifier(text) === wantedSpecifier,
    );
    if (specifier !== undefined) return { subject, problem: localDependency(specifier) };
  }
  const subject = { label: `${name}@${version}` };
  if (lockfile?.includes(JSON.stringify(version).slice(1, -1)) === true)
    return { subject, problem: lockedLocally(version) };
  return knowsAll ? { subject, problem: unnamedLocally(version) } : undefined;
}

const FOLDERS_MAX = 10_000;

export interface NamedWords {
  readonly cwd: string;
  readonly words: readonly string[];
}

/**
 * The dependencies that the project, its workspaces, the folders that these name, and the command line name. Only they may depend on a
 * folder or file of this machine.
 */
export class OwnNames {
  readonly #folders: readonly string[];
  readonly #texts: ReadonlySet<string>;
  readonly #paths: ReadonlySet<string>;

  /** @param root The folder of the project. The words are those of the command line, and `cwd` is its folder. */
  constructor(root: string, { cwd, words }: NamedWords) {
    const folders = new Set([root, ...workspacesOf(root)]);
    const isLink = words.includes('link');
    const texts = new Set(
      words
        // `name@source`, and `bun link name`.
        .flatMap((word) => [
          word,
          word.replace(/^@?[^@]*@/, ''),
          ...(isLink ? [`link:${word}`] : []),
        ])
        .map(bareSpecifier),
    );
    const paths = new Set<string>([...texts].map((text) => resolve(cwd, text)));
    // The loop also visits the folders that are added during it.
    for (const folder of folders)
      for (const text of textsOf(folder)) {
        const specifier = bareSpecifier(text);
        texts.add(specifier);
        if (!isLocalSpecifier(text)) continue;
        const path = resolve(folder, specifier);
        paths.add(path);
        if (folders.size < FOLDERS_MAX && isPackage(path)) folders.add(path);
      }
    this.#folders = [...folders];
    this.#texts = texts;
    this.#paths = paths;
  }

  /**
   * Paths at which an archive may be, because bun does not say which folder names it. The guard inspects all of them, and one of them
   * is the archive that bun has unpacked.
   */
  archivePaths(path: string): readonly string[] {
    const candidates = this.#folders.map((folder) => resolve(folder, path));
    const existing = [...new Set(candidates)].filter((candidate) => existsSync(candidate));
    return existing.length > 0 ? existing : candidates.slice(0, 1);
  }

  /** Whether the project or its user names a package, by its specifier or, for an archive, by its path. */
  has(version: string, archive: string): boolean {
    if (archive !== '')
      return this.#folders.some((folder) => this.#paths.has(resolve(folder, archive)));
    return this.#texts.has(bareSpecifier(version));
  }
}

/** A specifier in a form that can be compared: a repository without its commit, or the plain path of an archive or folder. */
function bareSpecifier(specifier: string): string {
  const text = specifier.trim();
  if (/^git\+/i.test(text)) return text.replace(/#.*$/s, '');
  return text.replace(/^file:(?:\/\/(?=\/))?/i, '');
}

function isPackage(path: string): boolean {
  return existsSync(join(path, 'package.json')) && statSync(path).isDirectory();
}

/**
 * A link through which bun would write outside of the project, if the link may come from the repository.
 * @throws Error if a package.json cannot be read.
 */
export function linkOutOfProject(cwd: string): ProjectLink | undefined {
  const [root, ownFolder] = [bunRoot(cwd), bunPackage(cwd)];
  const roots = [...new Set([root, ownFolder])];
  return projectLink('bun', {
    root,
    folders: roots.flatMap((root) => [root, ...workspacesOf(root)]),
  });
}

/** Folders of the workspaces in package.json. A folder without its own package.json is not a workspace. */
function workspacesOf(root: string): readonly string[] {
  return workspaceFolders(root, bunWorkspaces(root));
}

/** Every text in the package.json of a folder. Empty if the file is missing or cannot be read. */
function textsOf(folder: string): readonly string[] {
  return textsIn(readManifest(folder));
}

/** The specifiers of the dependencies that an installed package has. */
function dependenciesOf(folder: string): readonly string[] {
  const manifest = readManifest(folder);
  return ['dependencies', 'optionalDependencies', 'peerDependencies']
    .flatMap((kind) => childValues(manifest, kind))
    .flatMap(textsIn);
}

function textsIn(root: ManifestNode | undefined): readonly string[] {
  const texts: string[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'string') texts.push(node.value as string);
    // A property has a key and a value. Visit only the value.
    waiting.push(...(node.children ?? []).slice(node.type === 'property' ? 1 : 0));
  }
  return texts;
}

function readManifest(folder: string): ManifestNode | undefined {
  try {
    return bunManifest(folder);
  } catch {
    return undefined;
  }
}
