/*
 * Parses the requests of npm's clients. Any other path is answered with 404, because an address that is not understood may lead to bytes.
 */

/** A package name as registries accept it, including old ones with capitals. */
const NAME = /^(?:@[\w~][\w.~-]*\/)?(?!-$)[\w~!'()*-][\w.~!'()*-]*$/;
/** A version, a range or a tag, as one segment. */
const VERSION = /^[^\p{C}/\\?#]{1,256}$/u;
/** The most characters of a name. Names of npm have at most 214. */
const NAME_MAX = 512;
/** The revision of a registry's document. */
const REVISION = /^[\w.=+-]{1,128}$/;
/** The last segment of a tarball's address. */
const FILE = /^[^/\\\0]{1,512}$/;
/** Paths of a registry's API below `/-/` that clients use. None of them answers with an archive. */
const API_CHARACTERS = /^[\w.~!'()*@:+,$&=%/-]+$/;
const API = /^(?:ping|whoami|v1\/.+|npm\/v1\/.+|user\/.+|package\/.+|org\/.+|team\/.+|_view\/.+)$/;

export type NpmRequest =
  | { readonly kind: 'packument'; readonly name: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly version: string }
  | { readonly kind: 'tarball'; readonly name: string; readonly file: string }
  /** `-rev`: an older way to change a package. */
  | { readonly kind: 'revision'; readonly name: string }
  /** `-rev` for one tarball. It can only be deleted: uploaded bytes would become a file. */
  | { readonly kind: 'file-revision'; readonly name: string }
  /** `path`: as received, without its query. */
  | { readonly kind: 'api'; readonly path: string }
  | { readonly kind: 'own'; readonly page: string }
  | { readonly kind: 'nothing' };

const NOTHING: NpmRequest = { kind: 'nothing' };

/** @param target The target of an HTTP request, with its query. */
export function askedBy(target: string): NpmRequest {
  const path = target.split('?', 1)[0]!;
  const segments = segmentsOf(path);
  if (segments === undefined) return NOTHING;
  const [first, ...rest] = segments;
  if (first === '-') return api(path.slice(1), rest);
  const [name, behind] = nameIn(segments);
  if (name === undefined || !isPackageName(name)) return NOTHING;
  const [segment, file, ...more] = behind;
  if (segment === undefined) return { kind: 'packument', name };
  if (segment === '-rev' && REVISION.test(file ?? '') && more.length === 0)
    return { kind: 'revision', name };
  if (segment !== '-')
    return file === undefined && segment !== '-rev' && VERSION.test(segment)
      ? { kind: 'manifest', name, version: segment }
      : NOTHING;
  if (file === undefined || !FILE.test(file)) return NOTHING;
  if (more.length === 0) return { kind: 'tarball', name, file };
  return more[0] === '-rev' && REVISION.test(more[1] ?? '') && more.length === 2
    ? { kind: 'file-revision', name }
    : NOTHING;
}

export function isPackageName(name: string): boolean {
  return name.length <= NAME_MAX && NAME.test(name);
}

/** Whether a text can be requested as a version. */
export function isVersion(text: unknown): text is string {
  return typeof text === 'string' && VERSION.test(text);
}

/** The decoded segments; undefined for a path that servers read differently: some decode a slash before they look for dots. */
function segmentsOf(path: string): string[] | undefined {
  if (!path.startsWith('/') || /[\\\0#]|%5c|%00|%25/i.test(path)) return undefined;
  try {
    const sent = path.slice(1).split('/');
    const isEncoded = path.includes('%');
    const segments = isEncoded ? sent.map(decodeURIComponent) : sent;
    const steps = isEncoded ? segments.flatMap((segment) => segment.split('/')) : segments;
    return steps.some((step) => step === '' || step === '.' || step === '..')
      ? undefined
      : segments;
  } catch {
    return undefined;
  }
}

/** The name of a package, whose scope may be a segment of its own, and the remaining segments. */
function nameIn([first = '', second, ...rest]: readonly string[]): [string | undefined, string[]] {
  if (!first.startsWith('@')) {
    return first.includes('/')
      ? [undefined, []]
      : [first, second === undefined ? [] : [second, ...rest]];
  }
  if (first.includes('/')) return [first, second === undefined ? [] : [second, ...rest]];
  return second === undefined ? [undefined, []] : [`${first}/${second}`, rest];
}

function api(path: string, [head = '', ...rest]: readonly string[]): NpmRequest {
  if (head === 'tarwarden') return rest.length === 1 ? { kind: 'own', page: rest[0]! } : NOTHING;
  // Some servers cut a segment at its semicolon.
  if (!API_CHARACTERS.test(path)) return NOTHING;
  return API.test([head, ...rest].join('/')) ? { kind: 'api', path: `/${path}` } : NOTHING;
}

/** The path of a package at a registry: its scope is encoded into one segment, as npm does. */
export function requestPath(name: string): string {
  return `/${name.replace('/', '%2f')}`;
}

/** The conventional last segment of a tarball's address. */
export function fileNameOf(name: string, version: string): string {
  return `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}
