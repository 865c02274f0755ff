/* How go spells module paths and versions in URLs and file names (golang.org/x/mod/module). */
import { matchesGlob } from './path-match.ts';

/** Characters of a request or a file name that is looked at: far above what a module proxy serves. */
const MAX_PATH_CHARS = 4096;

/** The module that toolchains are versions of. */
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

/** `!a` is `A`. Undefined for what go does not write: an upper-case letter, a `!` before anything else. */
export function unescapePath(escaped: string): string | undefined {
  if (/[A-Z]|!(?![a-z])/.test(escaped)) return undefined;
  return escaped.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function escapePath(path: string): string {
  return path.replaceAll(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** What a path below a module proxy asks for, without a slash before it; undefined for anything that go does not ask for. */
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

/** Whether a decoded path is one of a checksum database, of characters that go puts there, and leads out of no folder. */
export function isDatabasePath(path: string): boolean {
  if (path.length > MAX_PATH_CHARS) return false;
  const [first, ...parts] = path.split('/');
  return (
    first === 'sumdb' &&
    parts.length > 1 &&
    parts.every((part) => /^[\w.!~@+:-]+$/.test(part) && !/^\.+$/.test(part))
  );
}

/** Characters of module paths, and no way out of a folder: what is asked for may be joined to one. */
function isPlainPath(path: string): boolean {
  return (
    /^[\w.~-]+(?:\/[\w.~-]+)*$/.test(path) && !path.split('/').some((part) => /^\.+$/.test(part))
  );
}

/** Whether a module path has a prefix that one of the comma-separated patterns matches (module.MatchPrefixPatterns). */
export function matchesPatterns(patterns: string, path: string): boolean {
  return patterns
    .split(',')
    .map((one) => one.trim().replace(/\/$/, ''))
    .filter((one) => one !== '')
    .some((pattern) => {
      const depth = pattern.split('/').length;
      const parts = path.split('/');
      return parts.length >= depth && matchesGlob(pattern, parts.slice(0, depth).join('/'));
    });
}
