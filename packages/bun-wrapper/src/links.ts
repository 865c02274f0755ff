/* Finds links and special files in a folder that bun copies: a checkout, or a folder of the project. */
import { readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The most files and folders that are checked. The largest repositories have some hundred thousand. */
const ENTRIES_MAX = 1_000_000;

/** bun does not copy these. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git']);

/**
 * The first entry of a folder that is neither a file nor a folder nor a link to a path inside: its relative path, and what it is.
 * Undefined if there is none. @throws Error if the folder cannot be read or is too large.
 */
export function strangeEntry(
  root: string,
): { readonly path: string; readonly what: string } | undefined {
  const waiting = [root];
  let seen = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (++seen > ENTRIES_MAX)
        throw new Error(`it has more than ${ENTRIES_MAX} files and folders`);
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name)) waiting.push(path);
        continue;
      }
      const what = strange(root, path, entry);
      if (what !== undefined) return { path: relative(root, path), what };
    }
  }
  return undefined;
}

function strange(root: string, path: string, entry: Dirent): string | undefined {
  if (entry.isFile()) return undefined;
  if (!entry.isSymbolicLink()) return 'neither a file nor a folder nor a link';
  const target = readlinkSync(path);
  if (isAbsolute(target)) return `a link to ${target}`;
  const there = resolve(dirname(path), target);
  return there === root || there.startsWith(`${root}${sep}`) ? undefined : `a link to ${target}`;
}
