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
  let known = knownKeys.get(long);
  if (known === undefined) knownKeys.set(long, (known = new Set(shortNameKeysOf(long))));
  return keys.some((key) => known.has(key));
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
