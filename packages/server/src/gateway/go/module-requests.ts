/* Parses the requests for a module proxy. Any other path is answered with 404. */
import { escapePath, isDatabasePath, parseRequest, type ModuleRequest } from '@tarwarden/guard/go';

export type GoRequest =
  | ModuleRequest
  /** A checksum database. `path`: without a slash at its start. */
  | { readonly kind: 'database'; readonly path: string }
  | { readonly kind: 'nothing' };

const NOTHING: GoRequest = { kind: 'nothing' };

/** @param target The target of an HTTP request. go sends no queries. */
export function goAskedBy(target: string): GoRequest {
  if (!target.startsWith('/') || /[\\?#]|%2f|%5c/i.test(target)) return NOTHING;
  const path = decoded(target.slice(1));
  // oxlint-disable-next-line no-control-regex -- none of these is in a path that go writes
  if (path === undefined || /[\0-\x20\x7f\\%]/.test(path)) return NOTHING;
  if (isDatabasePath(path)) return { kind: 'database', path };
  return parseRequest(path) ?? NOTHING;
}

/** The path below a module proxy, written again as go writes it, so that every server reads the same path. */
export function goPathOf(asked: Exclude<GoRequest, { readonly kind: 'nothing' }>): string {
  if (asked.kind === 'database') return `/${encoded(asked.path)}`;
  const base = `/${encoded(escapePath(asked.path))}`;
  if (!('version' in asked)) return asked.kind === 'list' ? `${base}/@v/list` : `${base}/@latest`;
  return `${base}/@v/${encoded(escapePath(asked.version))}.${asked.kind}`;
}

/** url.PathEscape of Go, except for slashes. */
function encoded(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part)
        .replaceAll(
          /[!'()*]/g,
          (character) => `%${character.codePointAt(0)!.toString(16).toUpperCase()}`,
        )
        .replaceAll(/%(?:24|26|2B|3A|3D|40)/g, decodeURIComponent),
    )
    .join('/');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
