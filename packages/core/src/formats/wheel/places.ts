import { foldedKey, settledPath } from '../../tree/package-path.ts';
import { Trait } from '../../containers/entry.ts';

/** Schemes of the `.data` folder (PEP 427, and the keys of Python's install schemes that installers have). */
const SCHEMES: ReadonlySet<string> = new Set(['purelib', 'platlib', 'headers', 'scripts', 'data']);

/** The folders of other schemes below the prefix, which the scheme `data` can write to. */
const LIBRARY = /^(?:local\/)?lib(?:64)?\/(?:python[\d.]+t?\/)?(?:site|dist)-packages\/(?=.)/i;
const SCRIPTS = /^(?:bin|scripts)\/(?=.)/i;

/** The place where a file of a wheel is installed. */
export interface InstallPlace {
  /** `site-packages`, or a scheme of the `.data` folder. */
  readonly scheme: string;
  /** The path, normalised as installers do. */
  readonly path: string;
}

/** pip treats every top folder that ends in `.data` as the data folder of the wheel. */
function isDataFolder(top: string): boolean {
  return /\.data$/i.test(top);
}

export function dataFolderOf(path: string): string | undefined {
  const [top = ''] = settledPath(path).split('/', 1);
  return isDataFolder(top) ? top : undefined;
}

/** Undefined for a file in a `.data` folder that is in no scheme. */
export function installPlace(path: string): InstallPlace | undefined {
  const settled = settledPath(path);
  const [top = '', scheme = '', ...rest] = settled.split('/');
  if (!isDataFolder(top)) return { scheme: 'site-packages', path: settled };
  if (rest.length === 0 || !SCHEMES.has(scheme)) return undefined;
  const below = rest.join('/');
  if (scheme === 'purelib' || scheme === 'platlib') return { scheme: 'site-packages', path: below };
  if (scheme !== 'data') return { scheme, path: below };
  if (LIBRARY.test(below)) return { scheme: 'site-packages', path: below.replace(LIBRARY, '') };
  return SCRIPTS.test(below)
    ? { scheme: 'scripts', path: below.replace(SCRIPTS, '') }
    : { scheme, path: below };
}

/** A key that is equal for two paths that are one file on some file system. */
export function placeKey({ scheme, path }: InstallPlace): string {
  return `${scheme}/${foldedKey(path, Trait.NonAscii | Trait.UpperCase)}`;
}
