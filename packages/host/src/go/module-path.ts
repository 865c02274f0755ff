/* How go spells module paths and versions in URLs and file names (golang.org/x/mod/module). */
import { join } from 'node:path';
import { matchesGlob } from './path-match.ts';

/** Characters of a request or a file name. A module proxy serves far shorter ones. */
const MAX_PATH_CHARS = 4096;

/** The module whose versions are toolchains. */
export const TOOLCHAIN = 'golang.org/toolchain';

/** One version of a module. */
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

/** The folder of the module cache with the downloaded files, at the paths that a module proxy has. */
export function downloadFolder(modcache: string): string {
  return join(modcache, 'cache', 'download');
}
