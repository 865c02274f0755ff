import { posix } from 'node:path';

import type { Entry } from '../archive/entry.ts';
import { Trait, Typeflag } from '../archive/entry.ts';
import { MAX_SHRINKWRAP_BYTES } from '../limits.ts';
import { FileSet } from './file-set.ts';
import { linkKey, type Link } from './links.ts';
import { isRecord, parseManifest, type Manifest } from './manifest.ts';
import { packagePath } from './package-path.ts';
import { isShrinkwrap } from './shrinkwrap.ts';

const MANIFEST = 'package.json';

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
  /** The last npm-shrinkwrap.json; without bytes where it is longer than what is read. */
  shrinkwrap: { readonly entry: Entry; readonly bytes?: Buffer } | undefined;

  #manifestBody: Body | undefined;
  #shrinkwrapBody: Body | undefined;
  /** Whose content passes now. */
  #body: Body | undefined;

  constructor(manifestCap: number) {
    this.manifestCap = manifestCap;
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
    if (isShrinkwrap(key) && entry.typeflag === Typeflag.File) return this.#addShrinkwrap(entry);
    if (key !== MANIFEST) return false;
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

  /** Takes a piece of the content that was wanted. */
  body(piece: Buffer): void {
    this.#body?.add(piece);
  }

  /** All entries have passed. */
  end(complete: boolean): void {
    this.#readManifest();
    this.#readShrinkwrap();
    this.complete = complete;
    this.#throughTopLink();
  }

  /** Whether a file of the package stands at a path that its manifest names. */
  hasFile(path: string): boolean {
    return this.files.get(keyOf(path))?.kind === 'file';
  }

  /** Whether a folder of the package, with an entry or without, stands there. */
  hasFolder(path: string): boolean {
    return this.files.get(keyOf(path))?.kind === 'directory';
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
    if (bytes !== undefined) this.manifest = parseManifest(bytes);
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
  return posix.normalize(`./${path.replace(/\\/g, '/')}`).replace(/\/$/, '');
}

/** The manifest's `bin` as name → target pairs, in the three forms that npm takes. */
export function binTargets(
  manifest: Manifest | undefined,
): readonly (readonly [name: string, target: string])[] {
  if (!manifest?.ok) return [];
  const { bin } = manifest.json;
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
