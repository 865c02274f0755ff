import type { Entry } from '../containers/entry.ts';
import { Trait, Typeflag } from '../containers/entry.ts';
import { MAX_GIT_CONFIG_BYTES, MAX_GIT_LINK_BYTES, MAX_GIT_LINKS } from '../limits.ts';
import { Body } from './body.ts';
import { FileSet } from './file-set.ts';
import { gitConfigKey, mayBeGitLink, type GitLink } from './git-folders.ts';
import { linkKey, type Link } from './links.ts';
import { packagePath, type TreeLayout } from './package-path.ts';

/** The files that an archive puts into the folder of the package, collected while it is read. */
export class PackageTree {
  readonly files: FileSet = new FileSet();
  /** First entry below each first folder. The key is empty for an entry outside any folder. */
  readonly tops: Map<string, Entry> = new Map();
  readonly links: Map<string, Link> = new Map();
  /** Files that others may execute and their owner may not. */
  readonly unowned: { readonly entry: Entry; readonly key: string }[] = [];
  /** `.git` files below the folder of the package. A file past the limits has no `bytes`. */
  readonly gitLinks: GitLink[] = [];
  /** Content of `config` files, by folded key: see `gitFolders`. */
  readonly gitConfigs: Map<string, Buffer | undefined> = new Map();
  /** Paths with several entries of different content. */
  readonly differing: Set<string> = new Set();
  /** The archive was read to its end, so a file that is not here is not in the archive. */
  complete: boolean = false;

  readonly layout: TreeLayout;

  constructor(layout: TreeLayout = 'first-folder') {
    this.layout = layout;
  }

  readonly #gitConfigBodies = new Map<string, Body>();
  readonly #gitLinkBodies: { readonly key: string; readonly body: Body }[] = [];

  /** Takes an entry. Returns its path in the package, or undefined if it has none. */
  add(entry: Entry): string | undefined {
    const { top, key } = packagePath(entry, entry.typeflag === Typeflag.Directory, this.layout);
    if (!this.tops.has(top)) this.tops.set(top, entry);
    if (key === '' || (entry.traits & Trait.LongPath) !== 0) {
      this.files.pass(entry.path);
      return undefined;
    }
    this.files.add(entry, key);
    if (this.files.overflowed) return undefined;
    if (entry.typeflag === Typeflag.Symlink || entry.typeflag === Typeflag.Hardlink) {
      this.links.set(linkKey(key), { entry, key });
    }
    if ((entry.traits & Trait.ExecuteWithoutOwner) !== 0) this.unowned.push({ entry, key });
    return key;
  }

  /** Returns where to put the content of an entry, if git would read that entry. */
  bodyFor(entry: Entry, key: string): Body | undefined {
    return mayBeGitLink(entry) ? this.#gitLink(entry, key) : this.#gitConfig(entry, key);
  }

  #gitLink(entry: Entry, key: string): Body | undefined {
    const tooMany = this.#gitLinkBodies.length >= MAX_GIT_LINKS;
    if (tooMany || entry.size > MAX_GIT_LINK_BYTES) {
      if (this.gitLinks.length <= MAX_GIT_LINKS)
        this.gitLinks.push({ entry, key, bytes: undefined });
      return undefined;
    }
    const body = new Body(entry);
    this.#gitLinkBodies.push({ key, body });
    return body;
  }

  #gitConfig(entry: Entry, key: string): Body | undefined {
    const folded = gitConfigKey(entry, key);
    if (folded === undefined) return undefined;
    this.gitConfigs.set(folded, undefined);
    if (this.#gitConfigBodies.size >= MAX_GIT_LINKS || entry.size > MAX_GIT_CONFIG_BYTES)
      return undefined;
    const body = new Body(entry);
    this.#gitConfigBodies.set(folded, body);
    return body;
  }

  /** Called after the last entry. */
  end(complete: boolean): void {
    for (const { key, body } of this.#gitLinkBodies)
      this.gitLinks.push({ entry: body.entry, key, bytes: body.whole() });
    for (const [key, body] of this.#gitConfigBodies) this.gitConfigs.set(key, body.whole());
    this.complete = complete;
    this.#throughTopLink();
  }

  // Paths are compared without their first folder, so that comparison misses a link in place of that folder. This method finds it.
  #throughTopLink(): void {
    if (this.layout === 'whole') return;
    for (const { entry, key } of this.links.values()) {
      const below = entry.path.includes('/') ? undefined : this.tops.get(key);
      const other = { key, kind: 'link', entry } as const;
      if (below) this.files.clashes.push({ kind: 'through-link', entry: below, key: '', other });
    }
  }
}
