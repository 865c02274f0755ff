import { type Entry, Trait, Typeflag } from '../containers/entry.ts';
import {
  FOLDING_WEIGHT,
  MAX_CLASHES,
  MAX_COMPARED_TEXT,
  MAX_PATH_TEXT,
  MAX_PLACES,
} from '../limits.ts';
import { foldsAlike } from './name-folding.ts';
import { foldedKey } from './package-path.ts';

/*
 * Short names (8.3). NTFS gives them to long names on volumes with this setting, such as the system volume of Windows: the first
 * letters, `~` and a number, three letters of the extension. Names here are folded, so they are in lower case.
 */

/** A name of the form that short names have. */
const SHORT = /^([^.~]{1,6})~(\d{1,6})(?:\.([^.~]{1,3}))?$/;
/** Matches a name that fits 8.3 and so gets no short name. */
const FITS = /^[^. +,;=[\]]{1,8}(?:\.[^. +,;=[\]]{1,3})?$/;
/** Replaces the letters in the key of a short name with a hash. */
const HASHED = 'hash';

/** Keys of the few trusted names that are compared with each path. */
const knownKeys = new Map<string, ReadonlySet<string>>();

/** Whether Windows may have made `name` as the short name of the file or folder `long`, which is one of a few trusted names. */
export function isShortNameOf(name: string, long: string): boolean {
  const keys = shortNameKeys(name);
  if (keys.length === 0) return false;
  let longNameKeys = knownKeys.get(long);
  if (longNameKeys === undefined)
    knownKeys.set(long, (longNameKeys = new Set(shortNameKeysOf(long))));
  return keys.some((key) => longNameKeys.has(key));
}

/** Keys of a short name, one for each way to read it. The long name that it comes from has one of them: {@link shortNameKeysOf}. */
export function shortNameKeys(name: string): string[] {
  if (!name.includes('~')) return [];
  const [, stem = '', number = '', extension = ''] = SHORT.exec(name) ?? [];
  if (stem === '' || stem.length + number.length > 7) return [];
  const first = shortNameKey(stem, 7 - number.length, extension);
  // From the fifth similar name on, Windows uses one or two letters and a hash. Any hash may fit.
  const hashed = /^(.{1,2})[0-9a-f]{4}$/.exec(stem);
  return hashed ? [first, shortNameKey(hashed[1]!, HASHED, extension)] : [first];
}

/** Keys of all short names that a name may get. Empty for a name that is short itself. */
export function shortNameKeysOf(long: string): string[] {
  if (FITS.test(long)) return [];
  const visible = long.replace(/^[. ]+/, '');
  const dot = visible.lastIndexOf('.');
  const stem = plain(dot < 0 ? visible : visible.slice(0, dot));
  const extension = plain(dot < 0 ? '' : visible.slice(dot + 1)).slice(0, 3);
  const lengths = [1, 2, 3, 4, 5, 6];
  return [
    ...lengths.map((room) => shortNameKey(stem.slice(0, room), room, extension)),
    shortNameKey(stem.slice(0, 2), HASHED, extension),
    shortNameKey(stem.slice(0, 1), HASHED, extension),
  ];
}

function shortNameKey(stem: string, room: number | typeof HASHED, extension: string): string {
  return `${stem}~${room}.${extension}`;
}

function plain(text: string): string {
  return text.replace(/[. ]/g, '').replace(/[+,;=[\]]/g, '_');
}

/** A path in the package that an entry claims, or a directory that exists because an entry is below it. */
export interface ClaimedPath {
  readonly key: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly entry: Entry;
}

export interface Clash {
  readonly kind: 'same-path' | 'same-directory' | 'fold' | 'file-directory' | 'through-link';
  readonly entry: Entry;
  readonly key: string;
  readonly other: ClaimedPath;
}

/** All paths that the entries of a package claim, by the key that the coarsest file system would use. */
export class FileSet {
  /** The first clashes of each kind, in the order of the archive. */
  readonly clashes: Clash[] = [];
  readonly #clashCounts = new Map<string, number>();

  /** The archive has too many paths. The set is not complete and accepts no more, so reading can stop. */
  overflowed: boolean = false;

  /** Some name contains a `~`, as short names of Windows do. */
  tilde: boolean = false;

  /** Characters of the longest key. */
  longest: number = 0;

  readonly #places = new Map<string, ClaimedPath>();
  /** The folder that was registered last, as it is spelled. Entries usually come folder by folder, so it is often the same. */
  #last = '';
  #pathText = 0;
  #comparedText = 0;

  /** The path with exactly this key. */
  get(key: string): ClaimedPath | undefined {
    // A longer key cannot be in the set. A manifest may name a path of megabytes, and folding it would take long.
    if (key.length > this.longest) return undefined;
    const claimedPath = this.#places.get(key) ?? this.#places.get(foldedKey(key, Trait.NonAscii));
    return claimedPath?.key === key ? claimedPath : undefined;
  }

  /** All paths, by their folded keys. */
  get places(): ReadonlyMap<string, ClaimedPath> {
    return this.#places;
  }

  /** Counts the characters of a path that is not kept. */
  pass(path: string): void {
    this.#afford(2 * path.length);
  }

  /** Claims `key` for `entry`, and its parent folders. */
  add(entry: Entry, key: string): void {
    if (this.overflowed) return;
    const folded = foldedKey(key, entry.traits);
    // Count every path, also one that is kept already, because each was folded.
    if (!this.#afford(costOf(key, folded, entry.traits))) return;
    this.longest = Math.max(this.longest, key.length);
    this.#parents(entry, key, folded);
    this.tilde ||= (entry.traits & Trait.TrustedName) !== 0 && key.includes('~');
    const kind = kindOf(entry);
    const other = this.#places.get(folded);
    if (other === undefined) {
      this.#claim(folded, { key, kind, entry });
      return;
    }
    this.#clash({ kind: clashOf(kind, key, other) ?? 'same-directory', entry, key, other });
  }

  #claim(folded: string, claimedPath: ClaimedPath): boolean {
    if (this.#places.size >= MAX_PLACES) this.overflowed = true;
    else this.#places.set(folded, claimedPath);
    return !this.overflowed;
  }

  #afford(characters: number): boolean {
    this.#pathText += characters;
    if (this.#pathText > MAX_PATH_TEXT) this.overflowed = true;
    return !this.overflowed;
  }

  /** Counts the path of a `fold` clash, because finding its kind folds it once more. It counts even if the clash is not listed. */
  #compare(characters: number): boolean {
    this.#comparedText += characters;
    if (this.#comparedText > MAX_COMPARED_TEXT) this.overflowed = true;
    return !this.overflowed;
  }

  // One entry can clash at each of its folders, so a crafted archive could cause millions of clashes. Only the first ones are kept.
  #clash(clash: Clash): void {
    if (clash.kind === 'fold' && !this.#compare(clash.key.length)) return;
    const kind = clash.kind === 'fold' && isCaseOnly(clash) ? 'case' : clash.kind;
    // Count clashes at package.json separately, so that the rule about manifests never misses one.
    const key = kind === 'same-path' && clash.key === 'package.json' ? 'same-manifest' : kind;
    const count = this.#clashCounts.get(key) ?? 0;
    if (count > MAX_CLASHES) return;
    this.#clashCounts.set(key, count + 1);
    this.clashes.push(clash);
  }

  #parents(entry: Entry, key: string, folded: string): void {
    // Folding may change lengths, so both spellings are cut at their own slashes, from the right.
    const foldedEnd = folded.lastIndexOf('/');
    if (foldedEnd < 0) return;
    const exactEnd = key.lastIndexOf('/');
    // The folder is spelled like the last one, so it is registered already.
    if (exactEnd === this.#last.length && key.startsWith(this.#last)) return;
    this.#register(entry, key, folded);
    const directory = folded.slice(0, foldedEnd);
    const exact = key.slice(0, exactEnd);
    // Do not remember a folder that clashes: the clash is reported for every entry in it.
    if (this.#places.get(directory)?.key === exact) this.#last = exact;
  }

  #register(entry: Entry, key: string, folded: string): void {
    let foldedEnd = folded.lastIndexOf('/');
    let exactEnd = key.lastIndexOf('/');
    while (foldedEnd > 0) {
      const foldedParent = folded.slice(0, foldedEnd);
      const parent = key.slice(0, exactEnd);
      const other = this.#places.get(foldedParent);
      if (other === undefined) {
        if (!this.#afford(costOf(parent, foldedParent, entry.traits))) return;
        if (!this.#claim(foldedParent, { key: parent, kind: 'directory', entry })) return;
      } else {
        const clash = clashOf('directory', parent, other);
        if (clash) this.#clash({ kind: clash, entry, key: parent, other });
        // The parents of this directory are registered already.
        if (other.kind === 'directory' && other.key === parent) return;
      }
      foldedEnd = folded.lastIndexOf('/', foldedEnd - 1);
      exactEnd = key.lastIndexOf('/', exactEnd - 1);
    }
  }
}

/** Cost of a path in characters of both spellings. A non-ASCII path is folded by table twice, and its last name many times. */
function costOf(key: string, folded: string, traits: number): number {
  const characters = key.length + folded.length;
  if ((traits & Trait.NonAscii) === 0) return characters;
  const name = characters - key.lastIndexOf('/') - folded.lastIndexOf('/');
  return 2 * characters + FOLDING_WEIGHT * name;
}

/** Whether the two paths of a `fold` clash differ only in case. */
export function isCaseOnly({ key, other }: Clash): boolean {
  return foldsAlike(key, other.key);
}

function kindOf(entry: Entry): ClaimedPath['kind'] {
  if (entry.typeflag === Typeflag.Directory) return 'directory';
  const isLink = entry.typeflag === Typeflag.Symlink || entry.typeflag === Typeflag.Hardlink;
  return isLink ? 'link' : 'file';
}

function clashOf(
  kind: ClaimedPath['kind'],
  key: string,
  other: ClaimedPath,
): Clash['kind'] | undefined {
  if (kind === 'link' || other.kind === 'link') return 'through-link';
  if (kind !== other.kind) return 'file-directory';
  if (key !== other.key) return 'fold';
  return kind === 'directory' ? undefined : 'same-path';
}
