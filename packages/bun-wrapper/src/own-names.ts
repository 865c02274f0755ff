/* Folders and files of this machine that the project or its user names. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isLocalSpecifier } from '@tarwarden/host';
import { textsOf, workspacesOf } from './project-folders.ts';

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

  /** @param named The words of the command line, and its folder. */
  constructor(root: string, { cwd, words }: NamedWords) {
    const folders = new Set([root, ...workspacesOf(root)]);
    const isLink = words.includes('link');
    const texts = new Set(
      words
        // `name@where`, and `bun link name`.
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
  placesOf(path: string): readonly string[] {
    const all = this.#folders.map((folder) => resolve(folder, path));
    const there = [...new Set(all)].filter((candidate) => existsSync(candidate));
    return there.length > 0 ? there : all.slice(0, 1);
  }

  /** Whether the project or its user names a package, by its specifier or, for an archive, by its path. */
  has(version: string, archive: string): boolean {
    if (archive !== '')
      return this.#folders.some((folder) => this.#paths.has(resolve(folder, archive)));
    return this.#texts.has(bareSpecifier(version));
  }
}

/** A specifier in a form that can be compared: a repository without its commit, or the plain path of an archive or folder. */
export function bareSpecifier(specifier: string): string {
  const text = specifier.trim();
  if (/^git\+/i.test(text)) return text.replace(/#.*$/s, '');
  return text.replace(/^file:(?:\/\/(?=\/))?/i, '');
}

function isPackage(path: string): boolean {
  return existsSync(join(path, 'package.json')) && statSync(path).isDirectory();
}
