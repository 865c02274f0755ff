/** Yarn 4 and Yarn classic, as measured with 4.18 and 1.22 on Linux. */
import { posix } from 'node:path';
import { quote } from '../../text/index.ts';
import { jsonManifest, yarnManifest } from './manifest-check.ts';
import { resolved, tooLong } from './landing.ts';
import { base, executableOnly, lose, loseUnwritten, strictGzip, WHY, type Model } from './model.ts';

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
export const yarn4: Model = {
  gzip: strictGzip,
  manifest: yarnManifest,
  withoutFolder: 'node_modules',
  dialect: {
    ...base,
    badChecksum: 'skip',
    negativeSize: 'zero-below-block',
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

export const yarn1: Model = {
  gzip: { ...strictGzip, nested: true },
  installsNothing: true,
  manifest: jsonManifest,
  withoutFolder: 'node_modules/.bin',
  dialect: {
    ...base,
    negativeSize: 'rest',
    negativePaxSize: 'believed',
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
