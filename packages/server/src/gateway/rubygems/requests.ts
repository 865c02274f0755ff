/* The requests that a source of gems answers. Any other request gets 404. */

export type GemsAsked =
  /** The compact index: lists of all gems, and a gem. `path`: as it is asked for at the source. */
  | { readonly kind: 'names' | 'info'; readonly path: string }
  /** A document that Ruby reads by Marshal: a list of all gems in gzip, or a gemspec in zlib. */
  | { readonly kind: 'list' | 'gemspec'; readonly path: string }
  | { readonly kind: 'gem'; readonly path: string; readonly fileName: string }
  | { readonly kind: 'nothing' };

const NOTHING: GemsAsked = { kind: 'nothing' };
/** A name of a gem, or of its file without the ending. Addresses have it as it is. */
const NAME = /^[A-Za-z0-9_][\w.-]{0,250}$/;
const LIST = /^(?:latest_|prerelease_)?specs\.4\.8\.gz$/;

/** @param target The target of an HTTP request, its query included. */
export function gemsAskedBy(target: string): GemsAsked {
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
