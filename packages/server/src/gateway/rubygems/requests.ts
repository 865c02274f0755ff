/* Parses the requests for a server of gems. Any other path is answered with 404. */

export type GemsRequest =
  /** The compact index: lists of all gems, and a gem. `path`: as requested from the source. */
  | { readonly kind: 'names' | 'info'; readonly path: string }
  /** Marshal data: lists of all gems in gzip, gemspecs in zlib. */
  | { readonly kind: 'list' | 'gemspec'; readonly path: string }
  | { readonly kind: 'gem'; readonly path: string; readonly fileName: string }
  | { readonly kind: 'nothing' };

const NOTHING: GemsRequest = { kind: 'nothing' };
/** Names of gems, and of their files without the ending. All characters need no encoding in an address. */
const NAME = /^[A-Za-z0-9_][\w.-]{0,250}$/;
const LIST = /^(?:latest_|prerelease_)?specs\.4\.8\.gz$/;

/** @param target The target of an HTTP request, with its query. */
export function gemsAskedBy(target: string): GemsRequest {
  const path = target.split('?', 1)[0]!;
  const segments = path.split('/');
  const [before, first = '', second = '', third = ''] = segments;
  if (before !== '') return NOTHING;
  const file = segments.at(-1)!;
  switch (segments.length) {
    case 2:
      if (LIST.test(first)) return { kind: 'list', path };
      return first === 'versions' || first === 'names' ? { kind: 'names', path } : NOTHING;
    case 3:
      if (first === 'info' && NAME.test(second)) return { kind: 'info', path };
      return first === 'gems' && isNamed(file, '.gem')
        ? { kind: 'gem', path, fileName: file }
        : NOTHING;
    case 4:
      return first === 'quick' && second === 'Marshal.4.8' && isNamed(third, '.gemspec.rz')
        ? { kind: 'gemspec', path }
        : NOTHING;
    default:
      return NOTHING;
  }
}

function isNamed(file: string, ending: string): boolean {
  return file.endsWith(ending) && NAME.test(file.slice(0, -ending.length));
}
