import { foldedComponents } from './package-path.ts';
import { isShortNameOf } from './file-set.ts';

/**
 * The rest of a path after each `node_modules` that a manager reads: that of the package, that of a package bundled there, and so on.
 * Managers do not read one below another folder (`dist/node_modules`).
 */
export function* insideModules(path: string): Generator<readonly string[]> {
  const parts = foldedComponents(path);
  let at = 1; // the first folder is stripped
  while (isNamed(parts[at], 'node_modules')) {
    yield parts.slice(at + 1);
    at += parts[at + 1]?.startsWith('@') === true ? 3 : 2;
  }
}

/** Whether a file system may read a folded component as `name`. */
export function isNamed(part: string | undefined, name: string): boolean {
  return part === name || (part !== undefined && isShortNameOf(part, name));
}
