/** Splits paths as pip does: pip/_internal/utils/unpacking.py. */
import { posix } from 'node:path';

/** The first folder, and the rest. */
export function splitLeading(path: string): [string, string] {
  const rest = path.replace(/^\/+/, '').replace(/^\\+/, '');
  const at = rest.search(/[/\\]/);
  return at < 0 ? [rest, ''] : [rest.slice(0, at), rest.slice(at + 1)];
}

/** Whether all paths are in one folder, which pip then strips. */
export function hasLeadingFolder(paths: readonly string[]): boolean {
  const [first = '', ...others] = new Set(paths.map((path) => splitLeading(path)[0]));
  return others.length === 0 && first !== '';
}

/** pip up to 25.1 compares the beginning of the text, so that `site-packages-x` is within `site-packages`. */
export function isTextWithin(folder: string, target: string): boolean {
  return posix.normalize(target).startsWith(folder);
}
