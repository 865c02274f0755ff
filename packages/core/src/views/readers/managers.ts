/**
 * One model for each kind of manager, as measured on Linux with npm 10.9, 11.21 and 12.2, pnpm 10.34, 11.28 and 12.21,
 * Yarn 4.18 and 1.22, bun 1.4.
 */
import { isRecord } from '../../metadata/index.ts';
import type { GzipManners } from './lenient-gzip.ts';
import type { Dialect } from './dialect.ts';
import { tooLong, type Landing, resolved } from './landing.ts';
import type { LenientEntry } from './lenient-tar.ts';
import { posix } from 'node:path';
import { quote } from '../../text/index.ts';
import type { NpmViewer } from './view.ts';

/** Checks the unpacked package.json as a manager does. Returns the reason why the install fails, or undefined. */
type ManifestCheck = (content: Buffer) => string | undefined;

/** A name of a package or a command that Yarn accepts in an identifier. */
const IDENT = /^(?:@[^/]+?\/)?[^@/]+$/;

const NO_JSON = 'its package.json is not JSON';

/** pnpm 10 and 11 and Yarn classic read it while they unpack. */
const jsonManifest: ManifestCheck = (content) =>
  parsed(content.toString()) === undefined ? NO_JSON : undefined;

/** Yarn 3 and 4 read it when they link, and take the names of commands for identifiers. */
const yarnManifest: ManifestCheck = (content) => {
  const json = parsed(content.toString() || '{}');
  if (json === undefined) return NO_JSON;
  if (typeof json !== 'object' || json === null) return 'its package.json is not an object';
  const bin = isRecord(json) ? json['bin'] : undefined;
  if (isRecord(bin))
    for (const [name, target] of Object.entries(bin))
      if (typeof target === 'string' && !IDENT.test(name)) return 'the name of a command is a path';
  return undefined;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** The model of one manager. */
interface Model {
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
const strictGzip: GzipManners = {
  members: 'all',
  trailing: 'zeros',
  trailer: 'checked',
  headerChecksum: 'checked',
};

/** Mode of a file, for managers that keep only whether it can be executed. */
const executableOnly = (mode: number): number => ((mode & 0o111) === 0 ? 0o644 : 0o755);

const WHY = {
  link: 'links are left out',
  type: 'its type is not known or not wanted',
  climbs: 'its path climbs out of the package',
  top: 'it lies in no folder',
  way: 'something else of the archive is in its way',
  long: 'a file system takes no name of that length',
} as const;

/** Records that an entry is left out. The install does not fail. */
function lose(landing: Landing, entry: LenientEntry, why: string): undefined {
  landing.lose(entry.path, why);
}

/** Records an entry that cannot be written. */
function loseUnwritten(landing: Landing, entry: LenientEntry, place: string): undefined {
  return lose(landing, entry, tooLong(place) ? WHY.long : WHY.way);
}

// Yarn reads a zip with control characters in its names as code page 437, in which they are pictures.
const PICTURES =
  '\u263a\u263b\u2665\u2666\u2663\u2660\u2022\u25d8\0\0\u2642\u2640\0\u266b\u263c\u25ba\u25c4\u2195\u203c\u00b6\u00a7\u25ac\u21a8\u2191\u2193\u2192\u2190\u221f\u2194\u25b2\u25bc';

function throughZip(path: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters that Yarn changes
  return path.replace(/[\u0001-\u0008\u000b\u000c\u000e-\u001f]/g, (character) => {
    const picture = PICTURES[character.charCodeAt(0) - 1];
    return picture === undefined || picture === '\0' ? character : picture;
  });
}

/** Yarn 4 first converts the tarball to a zip. The node-modules linker then writes folders from the zip. */
const yarn4: Model = {
  gzip: strictGzip,
  manifest: yarnManifest,
  withoutFolder: 'node_modules',
  dialect: {
    ...base,
    badChecksum: 'skip',
    targetsBesideLinks: '',
    emptyPaxPath: 'ignored',
    paxRecords: 'lines',
    paxSize: 'unless-zero',
    truncated: 'short',
  },
  land(entry, landing) {
    const { type } = entry;
    if (type === '5') {
      const folder = resolved(entry.path).replace(/^[^/]*\/?/, '');
      if (landing.folder(folder) || folder === '') return undefined;
      return 'a folder is made where something is already';
    }
    if (type === '1') return lose(landing, entry, WHY.link);
    if (type !== '0' && type !== '2') return lose(landing, entry, WHY.type);
    const path = entry.path.split('\0', 1)[0] ?? '';
    if (path.startsWith('/') || path.split('/').includes('..'))
      return lose(landing, entry, WHY.climbs);
    const whole = resolved(path);
    if (!whole.includes('/')) return lose(landing, entry, WHY.top);
    const place = throughZip(whole.slice(whole.indexOf('/') + 1));
    if (tooLong(place)) return 'a name is too long';
    const way = landing.inTheWay(place);
    if (way?.kind === 'link' && type === '0') return loseUnwritten(landing, entry, place);
    if (way !== undefined || landing.get(place)?.kind === 'link')
      return 'something is written over or through a link or a file';
    if (type === '2') {
      if (entry.linkpath === '') return lose(landing, entry, 'it leads nowhere');
      landing.link(place, entry.linkpath);
      return undefined;
    }
    if (landing.file(place, entry.content, executableOnly(entry.mode))) return undefined;
    return 'a file takes the place of a folder';
  },
};

const yarn1: Model = {
  gzip: { ...strictGzip, nested: true },
  installsNothing: true,
  manifest: jsonManifest,
  withoutFolder: 'node_modules/.bin',
  dialect: {
    ...base,
    paxRecords: 'unchecked',
    paxReplaces: true,
    wins: 'pax',
    zeros: 'skip',
    noName: 'keep',
    prefix: 'all',
    emptyPaxPath: 'ignored',
    slashIsFolder: false,
    rest: 'error',
  },
  land(entry, landing) {
    const { type } = entry;
    if (type === '5') {
      const folder = resolved(entry.path).replace(/^[^/]*\/?/, '');
      landing.folder(folder);
      return landing.get(folder) === undefined ? undefined : 'a folder cannot be made';
    }
    if (!'012'.includes(type)) return `an entry is of type ${quote(type)}`;
    if (entry.path.includes('\0')) return 'a path holds a NUL';
    const place = resolved(entry.path.split('/').slice(1).join('/'));
    if (place === '') return 'an entry has no name, over which it hangs or breaks off';
    if (entry.path.endsWith('/')) return 'a file has the name of a folder';
    if (type === '2') {
      if (entry.linkpath === '') return 'a link has no target';
      const inJail = resolved(`${posix.dirname(place)}/${entry.linkpath}`);
      return landing.link(place, inJail) ? undefined : 'a link cannot be made';
    }
    if (landing.get(place)?.kind === 'link') return 'a file is written through a link';
    if (type === '1') {
      const target = landing.get(resolved(entry.linkpath.split('/').slice(1).join('/')));
      if (target?.kind !== 'file') return 'the target of a hardlink is not there';
      return landing.copy(target, place) ? undefined : 'a link cannot be made';
    }
    const mode = (entry.mode | 0o644) & ~0o022;
    return landing.file(place, entry.content, mode) ? undefined : 'a file cannot be written';
  },
};

const WINDOWS_ROOT = /^(?:[a-z]:[\\/]?|[\\/]+)/i;

/** Paths of node-tar and libarchive, as npm and bun call them: without the first folder, without a root, and not with `..`. */
function stripped(path: string, drives: boolean): string | undefined {
  let rest = path.slice(path.indexOf('/') + 1);
  if (!path.includes('/')) rest = '';
  for (let root = drives ? WINDOWS_ROOT.exec(rest) : /^\/+/.exec(rest); root !== null;) {
    rest = rest.slice(root[0].length);
    root = drives ? WINDOWS_ROOT.exec(rest) : null;
  }
  return rest.split('/').includes('..') ? undefined : resolved(rest);
}

const npm: Model = {
  gzip: strictGzip,
  dialect: {
    ...base,
    badChecksum: 'skip',
    globals: 'believed',
    targetsBesideLinks: 'xg',
    paxRecords: 'lines',
  },
  land(entry, landing) {
    if (entry.type === '5') return undefined;
    if (entry.type === '1' || entry.type === '2') return lose(landing, entry, WHY.link);
    if (entry.type !== '0' && entry.type !== '7') return lose(landing, entry, WHY.type);
    let { path } = entry;
    const nul = path.indexOf('\0');
    if (nul >= 0) path = path.slice(0, nul);
    let place = stripped(path, true);
    if (place === undefined) return lose(landing, entry, WHY.climbs);
    if (place === '') return lose(landing, entry, WHY.top);
    if (posix.basename(place) === '.gitignore') {
      const renamed = place.replace(/\.gitignore$/, '.npmignore');
      if (landing.get(renamed) !== undefined)
        return lose(landing, entry, 'an .npmignore is beside it');
      landing.lose(entry.path, 'it is renamed to .npmignore');
      place = renamed;
    }
    const mode = ((entry.mode | 0o666) & ~0o022) | 0o600;
    return landing.file(place, entry.content, mode)
      ? undefined
      : loseUnwritten(landing, entry, place);
  },
};

const bun: Model = {
  gzip: { ...strictGzip, trailing: 'any', headerChecksum: 'skipped', nested: true },
  dialect: {
    ...base,
    badChecksum: 'skip',
    signedChecksum: true,
    repeatedIsError: 'x',
    emptyPaxPath: 'ignored',
    rest: 'error',
    withoutContent: '25',
  },
  land(entry, landing) {
    if (entry.type === '5') return undefined;
    if (entry.type === '1' || entry.type === '2') return lose(landing, entry, WHY.link);
    if (entry.type !== '0' && entry.type !== '7') return lose(landing, entry, WHY.type);
    if (entry.path.includes('\0')) return lose(landing, entry, 'its path holds a NUL');
    const place = stripped(entry.path, false);
    if (place === undefined) return lose(landing, entry, WHY.climbs);
    if (place === '') return lose(landing, entry, WHY.top);
    if (landing.file(place, entry.content, (entry.mode | 0o644) & 0o755)) return undefined;
    return 'a file or folder cannot be made';
  },
};

const pnpm10: Model = {
  gzip: strictGzip,
  manifest: jsonManifest,
  dialect: {
    ...base,
    zeros: 'first-byte',
    base256: 'zero',
    noName: 'keep',
    prefix: 'all',
    slashIsFolder: false,
    longLinks: false,
    oddPax: 'error',
    emptyPaxPath: 'ignored',
    withoutContent: '',
    rest: 'end-needed',
  },
  land(entry, landing) {
    const { type } = entry;
    if (!'0125'.includes(type)) return `an entry is of type ${quote(type)}`;
    if (type === '5') return undefined;
    if (type === '2') return lose(landing, entry, WHY.link);
    let path = entry.path.replace(/^[^/\\]*[/\\]/, '');
    if (path.includes('./') || path.includes('.\\')) {
      path = path.replaceAll('\\', '/');
      path = `${resolved(path)}${path.endsWith('/') ? '/' : ''}`;
    }
    const place = resolved(path.replaceAll('//', '/'));
    if (place === '') return 'a file has no name';
    if (path.endsWith('/')) return 'a file has the name of a folder';
    if (path.includes('\0') || tooLong(place)) return 'a name cannot be written';
    makeWay(landing, place);
    if (landing.file(place, entry.content, executableOnly(entry.mode))) return undefined;
    return loseUnwritten(landing, entry, place);
  },
};

/** Replaces a file by a folder that is needed in its place. */
function makeWay(landing: Landing, place: string): void {
  const way = landing.inTheWay(place);
  if (way === undefined) return;
  landing.remove(way.path);
  landing.lose(way.path, 'a folder takes its place');
}

const pnpm11: Model = {
  ...pnpm10,
  dialect: { ...pnpm10.dialect, base256: 'error' },
};

const pnpm12: Model = {
  gzip: { members: 'first', trailing: 'any', trailer: 'room', headerChecksum: 'skipped' },
  dialect: {
    ...base,
    zeros: 'strict',
    noName: 'error',
    strictNumbers: true,
    sparseMaps: true,
    nulInLongName: 'kept',
    rest: 'error',
    slashIsFolder: false,
    paxRecords: 'lines',
    paxSize: 'place',
    wins: 'gnu',
    repeatedIsError: 'xL',
    orphan: 'error',
    withoutContent: '',
  },
  land(entry, landing) {
    if (entry.type === '5') return undefined;
    if (entry.type === '1' || entry.type === '2') return lose(landing, entry, WHY.link);
    if (entry.type !== '0') return lose(landing, entry, WHY.type);
    const path = entry.path.replaceAll('\\', '/');
    const parts = path.split('/');
    if (path.includes('\0')) return 'a path holds a NUL';
    if (path.startsWith('/') || parts.includes('..') || parts.some((part) => /^[a-z]:/i.test(part)))
      return 'a path is absolute or climbs';
    const slash = path.indexOf('/');
    const place = resolved(slash < 0 ? path : path.slice(slash + 1));
    if (place === '') return 'a path is empty';
    if (tooLong(place)) return 'a name is too long';
    makeWay(landing, place);
    if (landing.file(place, entry.content, executableOnly(entry.mode))) return undefined;
    return loseUnwritten(landing, entry, place);
  },
};

export const MODELS: Readonly<Record<NpmViewer, Model>> = {
  npm,
  'pnpm-10': pnpm10,
  'pnpm-11': pnpm11,
  'pnpm-12': pnpm12,
  'yarn-4': yarn4,
  'yarn-1': yarn1,
  bun,
};
