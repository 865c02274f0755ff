import { MAX_SHRINKWRAP_DEPTH, MAX_SHRINKWRAP_ESCAPES } from '../limits.ts';
import { quote } from '../text/printable.ts';
import { depthOf, isRecord, unsafePath } from './manifest.ts';

/** Name of the lockfile that a published package may contain for its own dependencies. */
const SHRINKWRAP = 'npm-shrinkwrap.json';

/** Whether a path inside the package is its lockfile, on a file system that folds case as well. */
export function isShrinkwrap(key: string): boolean {
  return key.length === SHRINKWRAP.length && key.toLowerCase() === SHRINKWRAP;
}

/**
 * Paths out of the package in the lockfile of a package, in words, up to a limit. npm 10 follows them, npm 11 refuses the lockfile
 * (EINVALIDLOCATION), and npm 12, pnpm and Yarn do not read it.
 */
export function placesOutside(lock: unknown): readonly string[] {
  if (!isRecord(lock)) return [];
  const escapes: string[] = [];
  const note = (text: string | undefined): void => {
    if (text !== undefined && escapes.length < MAX_SHRINKWRAP_ESCAPES) escapes.push(text);
  };
  for (const [location, entry] of entries(lock['packages'])) {
    if (escapes.length >= MAX_SHRINKWRAP_ESCAPES) return escapes;
    if (location !== '') note(escapeOf('the place', location));
    if (isRecord(entry)) note(targetEscape(location, entry));
  }
  legacy(lock['dependencies'], note);
  return escapes;
}

/** The content of a lockfile as npm reads it. Undefined for invalid JSON, which npm ignores. */
export function parseShrinkwrap(bytes: Buffer): unknown {
  try {
    // npm replaces invalid UTF-8 by U+FFFD, and skips a byte order mark as in package.json.
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** Checks a lockfile of version 1, in which each dependency is in the `node_modules` of the one above. */
function legacy(dependencies: unknown, note: (text: string | undefined) => void): void {
  let level = [dependencies];
  for (let depth = 0; depth < MAX_SHRINKWRAP_DEPTH && level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const [name, entry] of level.flatMap(entries)) {
      // npm joins the name to a `node_modules` folder, and it must not climb out of that.
      note(escapeOf('the name', name));
      if (!isRecord(entry)) continue;
      note(fileEscape(name, entry['version']));
      note(fileEscape(name, entry['resolved']));
      next.push(entry['dependencies']);
    }
    level = next;
  }
  if (level.some((dependencies) => entries(dependencies).length > 0))
    note(`its dependencies are nested deeper than ${MAX_SHRINKWRAP_DEPTH}`);
}

function targetEscape(
  location: string,
  entry: Readonly<Record<string, unknown>>,
): string | undefined {
  const { resolved } = entry;
  if (entry['link'] !== true) return fileEscape(location, resolved);
  return typeof resolved === 'string'
    ? escapeOf(`the link ${quote(location)} to`, resolved)
    : `the link ${quote(location)} has no target`;
}

/** Checks a `file:` specifier, which npm resolves from the folder of the package. */
function fileEscape(name: string, specifier: unknown): string | undefined {
  if (typeof specifier !== 'string' || !/^file:/i.test(specifier)) return undefined;
  return escapeOf(`the source of ${quote(name)},`, specifier.slice('file:'.length));
}

function escapeOf(label: string, path: string): string | undefined {
  const reason = /^[\\/~]/.test(path) ? 'it is absolute' : unsafePath(path);
  if (reason !== undefined) return `${label} ${quote(path)}: ${reason}`;
  // A path that ends at its start, as `node_modules/..` does, makes npm replace the package itself.
  return depthOf(path) === 0 ? `${label} ${quote(path)}: it is the package itself` : undefined;
}

function entries(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}
