import { posix } from 'node:path';

import type { Entry } from '../archive/entry.ts';
import { Trait, Typeflag } from '../archive/entry.ts';
import {
  MANIFEST_BYTES_PER_VALUE,
  MAX_GIT_CONFIG_BYTES,
  MAX_GIT_LINK_BYTES,
  MAX_GIT_LINKS,
  MAX_MANIFEST_VALUES,
  MAX_SHRINKWRAP_BYTES,
} from '../limits.ts';
import { FileSet, type Place } from './file-set.ts';
import { gitConfigKey } from './git-folders.ts';
import { mayBeGitLink, type GitLink } from './git-links.ts';
import { hasMoreValues } from './json-values.ts';
import { linkKey, type Link } from './links.ts';
import { depthOf, isRecord, parseManifest, unsafePath, type Manifest } from './manifest.ts';
import { runAs, type OddlyExecutable } from './oddly-executable.ts';
import { packagePath, settledPath } from './package-path.ts';
import { isShrinkwrap } from './shrinkwrap.ts';

const MANIFEST = 'package.json';

/** A command that the manifest names. */
export interface Bin {
  readonly name: string;
  readonly target: string;
  /** Why the target would lead out of the package; undefined where it stays inside. */
  readonly unsafe: string | undefined;
  /** Its path in the package; undefined where it can have none. */
  readonly key: string | undefined;
  /** What the package has there, a folder with an entry or without. */
  readonly place: Place['kind'] | undefined;
}

/** What an archive would put into the package's folder, gathered while its entries pass. */
export class Contents {
  readonly files: FileSet = new FileSet();
  /** First entry below each first folder; the key is empty for an entry outside any folder. */
  readonly tops: Map<string, Entry> = new Map();
  readonly links: Map<string, Link> = new Map();
  /** Entries that are, after stripping the first folder, package.json itself. */
  readonly manifestEntries: Entry[] = [];
  /** The last regular package.json, which every manager takes. */
  manifest: Manifest | undefined;
  /** Everything was read: an absent file is absent. */
  complete: boolean = false;

  /** Two package.json with different content were met. Set by who compares contents. */
  manifestConflict: boolean = false;
  /** Bytes up to which a package.json is read. */
  readonly manifestCap: number;
  /** Values up to which one is read. */
  readonly manifestValues: number;
  /** The last package.json has more values than that, and was not read. */
  manifestCrowded: boolean = false;
  /** The last npm-shrinkwrap.json; without bytes where it is longer than what is read. */
  shrinkwrap: { readonly entry: Entry; readonly bytes?: Buffer } | undefined;

  /** Files `.git` below the package's folder, one more than are read. */
  readonly gitLinks: GitLink[] = [];
  /** Content of files `config`, by folded key: see `gitFolders`. */
  readonly gitConfigs: Map<string, Buffer | undefined> = new Map();

  #bins: readonly Bin[] | undefined;
  #oddlyExecutable: readonly OddlyExecutable[] | undefined;
  readonly #unowned: { readonly entry: Entry; readonly key: string }[] = [];
  readonly #gitConfigBodies = new Map<string, Body>();
  #gitLinkBodies: { readonly key: string; readonly body: Body }[] = [];
  #manifestBody: Body | undefined;
  #shrinkwrapBody: Body | undefined;
  /** Whose content passes now. */
  #body: Body | undefined;

  constructor(manifestCap: number) {
    this.manifestCap = manifestCap;
    this.manifestValues = Math.max(
      MAX_MANIFEST_VALUES,
      Math.ceil(manifestCap / MANIFEST_BYTES_PER_VALUE),
    );
  }

  /** Notes an entry; says whether its content is wanted. */
  add(entry: Entry): boolean {
    const { top, key } = packagePath(entry, entry.typeflag === Typeflag.Directory);
    if (!this.tops.has(top)) this.tops.set(top, entry);
    if (key === '' || (entry.traits & Trait.LongPath) !== 0) {
      this.files.pass(entry.path);
      return false;
    }
    this.files.add(entry, key);
    if (this.files.overflowed) return false;
    if (entry.typeflag === Typeflag.Symlink || entry.typeflag === Typeflag.Hardlink) {
      this.links.set(linkKey(key), { entry, key });
    }
    if ((entry.traits & Trait.ExecuteWithoutOwner) !== 0) this.#unowned.push({ entry, key });
    if (mayBeGitLink(entry)) return this.#addGitLink(entry, key);
    if (isShrinkwrap(key) && entry.typeflag === Typeflag.File) return this.#addShrinkwrap(entry);
    if (key !== MANIFEST) return this.#addGitConfig(entry, key);
    this.manifestEntries.push(entry);
    if (entry.typeflag !== Typeflag.File || entry.size > this.manifestCap) return false;
    this.#body = this.#manifestBody = new Body(entry);
    return true;
  }

  #addShrinkwrap(entry: Entry): boolean {
    this.shrinkwrap = { entry };
    this.#shrinkwrapBody = undefined;
    if (entry.size > MAX_SHRINKWRAP_BYTES) return false;
    this.#body = this.#shrinkwrapBody = new Body(entry);
    return true;
  }

  #addGitLink(entry: Entry, key: string): boolean {
    const tooMany = this.#gitLinkBodies.length >= MAX_GIT_LINKS;
    if (tooMany || entry.size > MAX_GIT_LINK_BYTES) {
      if (this.gitLinks.length <= MAX_GIT_LINKS)
        this.gitLinks.push({ entry, key, bytes: undefined });
      return false;
    }
    this.#body = new Body(entry);
    this.#gitLinkBodies.push({ key, body: this.#body });
    return true;
  }

  #addGitConfig(entry: Entry, key: string): boolean {
    const folded = gitConfigKey(entry, key);
    if (folded === undefined) return false;
    this.gitConfigs.set(folded, undefined);
    if (this.#gitConfigBodies.size >= MAX_GIT_LINKS || entry.size > MAX_GIT_CONFIG_BYTES)
      return false;
    this.#body = new Body(entry);
    this.#gitConfigBodies.set(folded, this.#body);
    return true;
  }

  /** Takes a piece of the content that was wanted. */
  body(piece: Buffer): void {
    this.#body?.add(piece);
  }

  /** All entries have passed. */
  end(complete: boolean): void {
    this.#readManifest();
    this.#readShrinkwrap();
    for (const { key, body } of this.#gitLinkBodies)
      this.gitLinks.push({ entry: body.entry, key, bytes: body.whole() });
    for (const [key, body] of this.#gitConfigBodies) this.gitConfigs.set(key, body.whole());
    this.complete = complete;
    this.#throughTopLink();
  }

  /** The commands of the manifest, looked up once for all rules. Asked for when every entry has passed. */
  get bins(): readonly Bin[] {
    this.#bins ??= binTargets(this.manifest).map(([name, target]) => {
      const unsafe = unsafePath(target);
      // What names more folders than the longest path has characters is not there; a megabyte takes long to normalise.
      const lost = unsafe !== undefined || depthOf(target) > this.files.longest;
      const key = lost ? undefined : keyOf(target);
      const place = key === undefined ? undefined : this.files.get(key)?.kind;
      return { name, target, unsafe, key, place };
    });
    return this.#bins;
  }

  /** Files that others than their owner may run, and what runs them. Asked for when every entry has passed. */
  get oddlyExecutable(): readonly OddlyExecutable[] {
    if (this.#unowned.length === 0) return [];
    return (this.#oddlyExecutable ??= runAs(this.#unowned, this));
  }

  // The first folder is stripped before places are compared, so a link in its stead is looked for apart.
  #throughTopLink(): void {
    for (const { entry, key } of this.links.values()) {
      const below = entry.path.includes('/') ? undefined : this.tops.get(key);
      if (below)
        this.files.clashes.push({
          kind: 'through-link',
          entry: below,
          key: '',
          other: { key, kind: 'link', entry },
        });
    }
  }

  // Read once, at the end: only the last package.json is installed, and an archive may hold many.
  #readManifest(): void {
    const bytes = this.#manifestBody?.whole();
    if (bytes === undefined) return;
    this.manifestCrowded = hasMoreValues(bytes, this.manifestValues);
    if (!this.manifestCrowded) this.manifest = parseManifest(bytes);
  }

  #readShrinkwrap(): void {
    const body = this.#shrinkwrapBody;
    if (body === undefined) return;
    const bytes = body.whole();
    // Cut short by a truncated archive, which is a finding of its own.
    this.shrinkwrap = bytes === undefined ? undefined : { entry: body.entry, bytes };
  }
}

/** The content of one entry, while its pieces come. */
class Body {
  readonly entry: Entry;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(entry: Entry) {
    this.entry = entry;
  }

  add(piece: Buffer): void {
    this.#pieces.push(Buffer.from(piece));
    this.#bytes += piece.length;
  }

  /** All of it; undefined where a truncated archive cut it short, and nothing more is to be said of it. */
  whole(): Buffer | undefined {
    if (this.#bytes !== this.entry.size) return undefined;
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
  }
}

/** Key of a path that a manifest names. */
function keyOf(path: string): string {
  const plain = path.startsWith('./') ? path.slice(2) : path;
  // No component that is empty or dots alone, and no backslash: nothing to normalise.
  if (!/(?:^|\/)\.{0,2}(?:\/|$)|\\/.test(plain)) return plain;
  return settledPath(path);
}

/** The manifest's `bin` as name → target pairs, in the three forms that npm takes. */
export function binTargets(
  manifest: Manifest | undefined,
): readonly (readonly [name: string, target: string])[] {
  if (!manifest?.ok) return [];
  const { bin } = manifest.json;
  // No manager makes a command of it.
  if (bin === '') return [];
  if (typeof bin === 'string') return [[manifest.name?.replace(/^@[^/]*\//, '') ?? '', bin]];
  if (Array.isArray(bin))
    return bin.flatMap((target) =>
      typeof target === 'string' ? [[posix.basename(target), target] as const] : [],
    );
  if (!isRecord(bin)) return [];
  return Object.entries(bin).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
}
