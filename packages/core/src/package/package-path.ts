import type { Entry } from '../archive/entry.ts';
import { Trait } from '../archive/entry.ts';

/** Where an entry lands: its first folder, which every manager strips, and the path inside the package. */
export interface PackagePath {
  /** First component; empty where the path has only one and is no directory. */
  readonly top: string;
  /** The rest, without `.` and empty components; empty for the top folder itself. */
  readonly key: string;
}

const UNUSUAL = Trait.Dot | Trait.EmptyComponent | Trait.LeadingSlash | Trait.Empty;

/** Splits an entry's path the way npm, pnpm and Yarn agree on for the paths that no rule objects to. */
export function packagePath(entry: Entry, isDirectory: boolean): PackagePath {
  const { path } = entry;
  if ((entry.traits & UNUSUAL) === 0) {
    const slash = path.indexOf('/');
    if (slash < 0) return isDirectory ? { top: path, key: '' } : { top: '', key: path };
    return { top: path.slice(0, slash), key: path.slice(slash + 1) };
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 1 && !isDirectory) return { top: '', key: parts[0]! };
  return { top: parts[0] ?? '', key: parts.slice(1).join('/') };
}

// Characters that HFS+ ignores in names, and variation selectors: invisible, so two names look and may be the same.
const IGNORABLE =
  // oxlint-disable-next-line no-misleading-character-class -- single code points, named by their numbers
  /\u034f|[\u00ad\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]/g;

/**
 * The key under which a file system that folds case and normalises Unicode (APFS, HFS+, NTFS) finds a path.
 * Coarser than each of them, so that two paths with different keys are apart on all.
 */
export function foldedKey(key: string, traits: number): string {
  if ((traits & (Trait.NonAscii | Trait.UpperCase)) === 0) return key;
  if ((traits & Trait.NonAscii) === 0) return key.toLowerCase();
  return key.split('/').map(foldedComponent).join('/');
}

// Apart for each component: some characters decompose into a slash (U+2100, U+FF0F), which separates nothing on disk.
function foldedComponent(name: string): string {
  const folded = name.replace(IGNORABLE, '').normalize('NFKD').toUpperCase().toLowerCase();
  return folded.normalize('NFKD').replaceAll('/', '\0');
}

/** Components of a path as the coarsest file system reads them, for comparing with names that tools trust. */
export function foldedComponents(path: string): string[] {
  return foldedKey(path, Trait.NonAscii)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}
