import type { ManifestCheck } from './manifest-check.ts';
import type { GzipManners } from './lenient-gzip.ts';
import type { Dialect } from './dialect.ts';
import { tooLong, type Landing } from './landing.ts';
import type { LenientEntry } from './lenient-tar.ts';

/** The model of one manager. */
export interface Model {
  readonly gzip: GzipManners;
  readonly dialect: Dialect;
  /** Writes one entry as the manager does. Returns the reason why the whole install fails, or undefined. */
  land(entry: LenientEntry, landing: Landing): string | undefined;
  /** The check of the unpacked package.json, if the manager has one. */
  readonly manifest?: ManifestCheck;
  /** An archive without an entry is installed, as an empty folder. */
  readonly installsNothing?: true;
  /** Folder of the package that its linker leaves out. */
  readonly withoutFolder?: string;
}

/** The behaviour of most readers. */
export const base: Dialect = {
  zeros: 'two',
  badChecksum: 'error',
  noName: 'skip',
  longLinks: true,
  oddPax: 'accepted',
  strictNumbers: false,
  sparseMaps: false,
  nulInLongName: 'ends',
  base256: 'read',
  negativeSize: 'error',
  negativePaxSize: 'ignored',
  prefix: 'posix',
  slashIsFolder: true,
  paxSize: 'both',
  globals: 'ignored',
  paxRecords: 'lengths',
  wins: 'last',
  repeatedIsError: '',
  emptyPaxPath: 'believed',
  orphan: 'ignore',
  withoutContent: '5',
  truncated: 'error',
  rest: 'ignored',
};

/** The behaviour of zlib and gunzip. */
export const strictGzip: GzipManners = {
  members: 'all',
  trailing: 'zeros',
  trailer: 'checked',
  headerChecksum: 'checked',
};

/** Mode of a file, for managers that keep only whether it can be executed. */
export const executableOnly = (mode: number): number => ((mode & 0o111) === 0 ? 0o644 : 0o755);

export const WHY = {
  link: 'links are left out',
  type: 'its type is not known or not wanted',
  climbs: 'its path climbs out of the package',
  top: 'it lies in no folder',
  way: 'something else of the archive is in its way',
  long: 'a file system takes no name of that length',
} as const;

/** Records that an entry is left out. The install does not fail. */
export function lose(landing: Landing, entry: LenientEntry, why: string): undefined {
  landing.lose(entry.path, why);
}

/** Records an entry that cannot be written. */
export function loseUnwritten(landing: Landing, entry: LenientEntry, place: string): undefined {
  return lose(landing, entry, tooLong(place) ? WHY.long : WHY.way);
}
