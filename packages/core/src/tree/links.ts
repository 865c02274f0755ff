import { posix } from 'node:path';

import type { Entry } from '../containers/entry.ts';
import { Trait, Typeflag } from '../containers/entry.ts';
import { MAX_LINK_HOPS, MAX_LINK_STEPS } from '../limits.ts';
import { foldedKey } from './package-path.ts';

export interface Link {
  readonly entry: Entry;
  readonly key: string;
}

const TOO_MANY = `more than ${MAX_LINK_STEPS} components of links have to be followed`;

/** Follows the links of one archive, as the kernel does after all of them are on the disk. */
export class LinkWalk {
  readonly #links: ReadonlyMap<string, Link>;
  #steps = 0;

  /** @param links All links of the archive, by {@link linkKey}. */
  constructor(links: ReadonlyMap<string, Link>) {
    this.#links = links;
  }

  /**
   * The reason why a link does not resolve inside the package, or undefined. A path that leaves the package and comes back also
   * counts as leaving.
   *
   * @param top First folder of the archive. The target of a hard link starts with it.
   */
  escapeOf(link: Link, top: string): string | undefined {
    const target = link.entry.linkpath;
    if (target === '') return 'the target is empty';
    if (link.entry.typeflag !== Typeflag.Hardlink)
      return this.#walk(posix.dirname(link.key), target);
    if (!target.startsWith(`${top}/`)) return 'the target is not in the package folder';
    const key = target.slice(top.length + 1);
    if (key === link.key) return 'the target is the link itself';
    return this.#walk('.', key);
  }

  #walk(from: string, target: string): string | undefined {
    if (/[\\\0]|^[A-Za-z]:/.test(target)) return 'the target is not a portable relative path';
    if (target.startsWith('/')) return 'the target is absolute';
    /** Keys of all folders on the way down, so that each step folds only one name. */
    const at: string[] = [];
    for (const component of from === '.' ? [] : from.split('/')) at.push(below(at, component));
    const pending: string[] = [];
    if (!this.#follow(target, pending)) return TOO_MANY;
    let hops = 0;
    while (pending.length > 0) {
      const component = pending.pop()!;
      if (component === '' || component === '.') continue;
      if (component === '..') {
        if (at.length === 0) return 'the target leaves the package';
        at.pop();
        continue;
      }
      at.push(below(at, component));
      const next = this.#links.get(at.at(-1)!);
      if (next === undefined) continue;
      if (++hops > MAX_LINK_HOPS) return `more than ${MAX_LINK_HOPS} links have to be followed`;
      if (next.entry.typeflag === Typeflag.Hardlink) continue;
      const { linkpath } = next.entry;
      if (linkpath.startsWith('/')) return 'the way leads through an absolute link';
      at.pop();
      if (!this.#follow(linkpath, pending)) return TOO_MANY;
    }
    return undefined;
  }

  /** Puts the components of a target before the remaining ones. Returns false if the limit on steps is reached. */
  #follow(target: string, pending: string[]): boolean {
    if (this.#steps > MAX_LINK_STEPS) return false;
    const components = target.split('/').reverse();
    this.#steps += components.length;
    pending.push(...components);
    return true;
  }
}

function below(folders: readonly string[], name: string): string {
  const folder = folders.at(-1);
  return folder === undefined ? linkKey(name) : `${folder}/${linkKey(name)}`;
}

/** Folded key of a link. Other spellings of its path have the same key. */
export function linkKey(key: string): string {
  return foldedKey(key, Trait.NonAscii);
}
