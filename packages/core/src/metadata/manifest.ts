import { isUtf8 } from 'node:buffer';

/** A package.json, or the problem that stopped reading it. */
export type PackageJson =
  | {
      readonly ok: true;
      /** The text that was parsed, for checks of things that JSON.parse hides. */
      readonly text: string;
      readonly json: Readonly<Record<string, unknown>>;
      readonly name?: string;
      readonly version?: string;
    }
  | { readonly ok: false; readonly problem: string };

/** Parses the bytes of a package.json: UTF-8 JSON of an object, a leading byte order mark allowed as npm allows it. */
export function parseManifest(bytes: Buffer): PackageJson {
  if (bytes.length === 0) return { ok: false, problem: 'it is empty' };
  if (!isUtf8(bytes)) return { ok: false, problem: 'it is not valid UTF-8' };
  const text = bytes.toString('utf8', startsWithMark(bytes) ? 3 : 0);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'it is not valid JSON' };
  }
  if (!isRecord(json)) return { ok: false, problem: 'it is not a JSON object' };
  return {
    ok: true,
    text,
    json,
    ...(typeof json['name'] === 'string' && { name: json['name'] }),
    ...(typeof json['version'] === 'string' && { version: json['version'] }),
  };
}

/** Whether the bytes start with U+FEFF. JSON does not allow it, and managers skip it. */
function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Whether a JSON value is an object that is not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Plain names, which pass all checks below. Nearly all names are plain. `_` is missing, so that `node_modules` does not match. */
const PLAIN_NAME = /^(?:@[a-z0-9-]+\/)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/** The reason why a name from a manifest leads out of the folder to which it is joined, or undefined. */
export function unsafeName(name: string): string | undefined {
  if (PLAIN_NAME.test(name)) return undefined;
  if (name === '') return 'it is empty';
  // oxlint-disable-next-line no-control-regex -- these are the characters to refuse
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'it holds a control character';
  if (name.includes('\\')) return 'it holds a backslash';
  if (name.startsWith('/')) return 'it is absolute';
  if (/^[A-Za-z]:/.test(name)) return 'it starts with a drive letter';
  if (name.split('/').some((component) => component === '..' || component === '.'))
    return 'it holds a `.` or `..` component';
  return undefined;
}

/**
 * The reason why a package name is not a folder of its own in node_modules, or undefined. npm refuses all such names
 * (validate-npm-package-name, also for old packages). Other managers join them to a path.
 */
export function unsafePackageName(name: string): string | undefined {
  if (PLAIN_NAME.test(name)) return undefined;
  const unsafe = unsafeName(name);
  if (unsafe !== undefined) return unsafe;
  const components = name.split('/');
  if (
    components.length > 2 ||
    (components.length === 2 && !name.startsWith('@')) ||
    components.includes('')
  )
    return 'it is a path into another folder';
  if (components.some((component) => component.startsWith('.'))) return 'it starts with a dot';
  if (components.some((component) => /[. ]$/.test(component))) return 'it ends in a dot or a space';
  if (components.at(-1)?.toLowerCase() === 'node_modules') return 'it is a folder of the manager';
  return undefined;
}

/** The reason why a path from a manifest leads out of the package, or undefined. */
export function unsafePath(path: string): string | undefined {
  if (path.includes('\0')) return 'it holds a NUL';
  if (/^[A-Za-z]:/.test(path)) return 'it starts with a drive letter';
  return path.includes('..') && depthOf(path) < 0 ? 'it leaves the package' : undefined;
}

const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/**
 * The depth of the folder to which a path leads, or -1 if the path climbs above its start. Both kinds of slash count. It makes no list
 * of components, since two megabytes may have a million of them.
 */
export function depthOf(path: string): number {
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (at < path.length && code !== SLASH && code !== BACKSLASH) continue;
    const length = at - from;
    if (length === 2 && path.startsWith('..', from)) depth -= 1;
    else if (length > 1 || (length === 1 && path[from] !== '.')) depth += 1;
    if (depth < 0) return -1;
    from = at + 1;
  }
  return depth;
}
