import { foldedComponents } from './package-path.ts';
import { isShortNameOf } from './file-set.ts';

/**
 * The rest of a path after each `node_modules` that a manager reads: that of the package, that of a package bundled there, and so on.
 * Managers do not read one below another folder (`dist/node_modules`).
 */
export function* insideModules(path: string): Generator<readonly string[]> {
  const components = foldedComponents(path);
  let at = 1; // the first folder is stripped
  while (isNamed(components[at], 'node_modules')) {
    yield components.slice(at + 1);
    at += components[at + 1]?.startsWith('@') === true ? 3 : 2;
  }
}

/** Whether a file system may read a folded component as `name`. */
export function isNamed(component: string | undefined, name: string): boolean {
  return component === name || (component !== undefined && isShortNameOf(component, name));
}
