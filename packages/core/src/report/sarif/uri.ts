import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URI reference of a file: relative to the root of the sources if the file is below it, else an absolute `file:` URI.
 *
 * @param path Relative to `root`, or absolute.
 * @param root An absolute path.
 */
export function sarifUri(path: string, root: string): string {
  const whole = resolve(root, path);
  const inside = relative(root, whole);
  const parts = inside.split(sep);
  if (isAbsolute(inside) || parts[0] === '..') return pathToFileURL(whole).href;
  // Escape the colon too, since the first part would be read as a scheme.
  return parts
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\uFFFD')))
    .join('/');
}

/** Whether a reference is relative to the root of the sources. */
export function isRelativeUri(uri: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:/i.test(uri);
}
