import { MAX_SHRINKWRAP_DEPTH, MAX_SHRINKWRAP_ESCAPES } from '../limits.ts';
import { quote } from '../text/printable.ts';
import { depthOf, isRecord, unsafePath } from './manifest.ts';

/** Name of the lockfile that a published package may bring along, for its own dependencies. */
const SHRINKWRAP = 'npm-shrinkwrap.json';

/** Whether a path inside the package is its lockfile, on a file system that folds case as well. */
export function isShrinkwrap(key: string): boolean {
  return key.length === SHRINKWRAP.length && key.toLowerCase() === SHRINKWRAP;
}

/**
 * What a lockfile that came with a package says of places outside the package, in words; the first of them. npm 10
 * obeys all of it; npm 11 refuses it (EINVALIDLOCATION); npm 12, pnpm and Yarn do not read the file.
 */
export function placesOutside(lock: unknown): readonly string[] {
  if (!isRecord(lock)) return [];
  const found: string[] = [];
  const note = (text: string | undefined): void => {
    if (text !== undefined && found.length < MAX_SHRINKWRAP_ESCAPES) found.push(text);
  };
  for (const [location, entry] of entries(lock['packages'])) {
    if (found.length >= MAX_SHRINKWRAP_ESCAPES) return found;
    if (location !== '') note(escapeOf('the place', location));
    if (isRecord(entry)) note(targetEscape(location, entry));
  }
  legacy(lock['dependencies'], note);
  return found;
}

/** What npm reads in a lockfile: undefined where it is not JSON, which npm ignores. */
export function parseShrinkwrap(bytes: Buffer): unknown {
  try {
    // npm reads bytes that are not UTF-8 as U+FFFD, and skips the mark of UTF-8 as it does in package.json.
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** Lockfiles of version 1: names below names, each in the `node_modules` of the one above. */
function legacy(dependencies: unknown, note: (text: string | undefined) => void): void {
  let level = [dependencies];
  for (let depth = 0; depth < MAX_SHRINKWRAP_DEPTH && level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const [name, entry] of level.flatMap(entries)) {
      // A name is joined to a folder of its own: it may not climb out even of that.
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

/** A `file:` specifier, which npm resolves from the package's folder. */
function fileEscape(name: string, specifier: unknown): string | undefined {
  if (typeof specifier !== 'string' || !/^file:/i.test(specifier)) return undefined;
  return escapeOf(`the source of ${quote(name)},`, specifier.slice('file:'.length));
}

function escapeOf(what: string, path: string): string | undefined {
  const why = /^[\\/~]/.test(path) ? 'it is absolute' : unsafePath(path);
  if (why !== undefined) return `${what} ${quote(path)}: ${why}`;
  // It ends where it began, as `node_modules/..` does: npm would replace the package.
  return depthOf(path) === 0 ? `${what} ${quote(path)}: it is the package itself` : undefined;
}

function entries(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}
