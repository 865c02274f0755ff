/**
 * One model for each kind of manager, as measured on Linux with npm 10.9, 11.21 and 12.2, pnpm 10.34, 11.28 and 12.21,
 * Yarn 4.18 and 1.22, bun 1.4.
 */
import { posix } from 'node:path';
import { quote } from '../../text/index.ts';
import { jsonManifest } from './manifest-check.ts';
import { resolved, tooLong, type Landing } from './landing.ts';
import { base, executableOnly, lose, loseUnwritten, strictGzip, WHY, type Model } from './model.ts';
import type { NpmViewer } from './view.ts';
import { yarn1, yarn4 } from './yarn.ts';

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
    negativeSize: 'zero',
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
    negativePaxSize: 'error',
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
    negativeSize: 'zero',
    noName: 'keep',
    prefix: 'all',
    slashIsFolder: false,
    longLinks: false,
    oddPax: 'error',
    negativePaxSize: 'error',
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
  dialect: { ...pnpm10.dialect, base256: 'error', negativeSize: 'error' },
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
