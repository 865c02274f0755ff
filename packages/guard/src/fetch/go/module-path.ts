/* How go spells module paths and versions in URLs and file names (golang.org/x/mod/module). */
import { join } from 'node:path';

/** Characters of a request or a file name. A module proxy serves far shorter ones. */
const MAX_PATH_CHARS = 4096;

/** The module whose versions are toolchains. */
export const TOOLCHAIN = 'golang.org/toolchain';

export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** A file of the module proxy protocol. */
export type ModuleRequest =
  | ({ readonly kind: 'info' | 'mod' | 'zip' } & ModuleVersion)
  | { readonly kind: 'list' | 'latest'; readonly path: string };

/** Reads `!a` as `A`. Undefined for a spelling that go does not write: an upper-case letter, or a `!` before anything else. */
export function unescapePath(escaped: string): string | undefined {
  if (/[A-Z]|!(?![a-z])/.test(escaped)) return undefined;
  return escaped.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function escapePath(path: string): string {
  return path.replaceAll(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/**
 * Parses a path below a module proxy, without a slash at its beginning.
 * @returns undefined for a path that go does not request.
 */
export function parseRequest(path: string): ModuleRequest | undefined {
  if (path.length > MAX_PATH_CHARS) return undefined;
  const latest = /^(.+)\/@latest$/s.exec(path);
  const [, escaped = '', file = ''] = latest ?? /^(.+)\/@v\/([^/]+)$/s.exec(path) ?? [];
  const module = unescapePath(escaped);
  if (module === undefined || !isPlainPath(module)) return undefined;
  if (latest !== null) return { kind: 'latest', path: module };
  if (file === 'list') return { kind: 'list', path: module };
  const [, stem = '', kind] = /^(.+)\.(info|mod|zip)$/s.exec(file) ?? [];
  const version = unescapePath(stem);
  if (version === undefined || kind === undefined || /[\\\s@]/.test(version)) return undefined;
  return { kind: kind as 'info' | 'mod' | 'zip', path: module, version };
}

/** Whether a decoded path belongs to a checksum database, has only characters that go writes, and stays in its folder. */
export function isDatabasePath(path: string): boolean {
  if (path.length > MAX_PATH_CHARS) return false;
  const [first, ...parts] = path.split('/');
  return (
    first === 'sumdb' &&
    parts.length > 1 &&
    parts.every((part) => /^[\w.!~@+:-]+$/.test(part) && !/^\.+$/.test(part))
  );
}

/** Whether a path has only characters of module paths and stays in its folder, so that it may be joined to one. */
function isPlainPath(path: string): boolean {
  return (
    /^[\w.~-]+(?:\/[\w.~-]+)*$/.test(path) && !path.split('/').some((part) => /^\.+$/.test(part))
  );
}

/** Whether a module path has a prefix that one of the comma-separated patterns matches (module.MatchPrefixPatterns). */
export function matchesPatterns(patterns: string, path: string): boolean {
  return patterns
    .split(',')
    .map((pattern) => pattern.trim().replace(/\/$/, ''))
    .filter((pattern) => pattern !== '')
    .some((pattern) => {
      const depth = pattern.split('/').length;
      const parts = path.split('/');
      return parts.length >= depth && matchesGlob(pattern, parts.slice(0, depth).join('/'));
    });
}

/** The parts of a pattern: stars, a character or a class of characters. */
const TOKEN =
  /\*+|\?|\[(?:\^|(?!\^))(?:(?:\\[^]|[^\\\]-])(?:-(?:\\[^]|[^\\\]-]))?)+\]|\\[^]|[^\\*?[]/gu;

/** Whether all of `text` matches, by path.Match of Go. A malformed pattern matches nothing, as in go. */
export function matchesGlob(pattern: string, text: string): boolean {
  const tokens = pattern.match(TOKEN) ?? [];
  if (tokens.join('') !== pattern) return false;
  const chunks = [''];
  for (const token of tokens)
    if (token.startsWith('*')) chunks.push('');
    else chunks[chunks.length - 1] += sourceOf(token);
  const [first, ...others] = chunks;
  const last = others.pop();
  // Go takes the first place of a chunk behind a star, and never tries another one. A backreference to a lookahead does the same.
  const middle = others.map((chunk, index) => `(?=([^/]*?${chunk}))\\${index + 1}`).join('');
  const end = last === undefined ? '' : `[^/]*${last}`;
  return new RegExp(`^${first}${middle}${end}$`, 'u').test(text);
}

function sourceOf(token: string): string {
  if (token === '?') return '[^/]';
  if (!token.startsWith('[')) return escapedCharacter(Array.from(token).at(-1)!);
  const isNegated = token.startsWith('[^');
  const ranges = token.slice(isNegated ? 2 : 1, -1).matchAll(/\\?([^])(?:-\\?([^]))?/gu);
  const sources = Array.from(ranges, ([, low = '', high = low]) =>
    low.codePointAt(0)! > high.codePointAt(0)!
      ? ''
      : `${escapedCharacter(low)}-${escapedCharacter(high)}`,
  );
  return `[${isNegated ? '^' : ''}${sources.join('')}]`;
}

function escapedCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** The folder of the module cache with the downloaded files, at the paths that a module proxy has. */
export function downloadFolder(modcache: string): string {
  return join(modcache, 'cache', 'download');
}
