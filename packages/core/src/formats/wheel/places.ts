import { foldedKey } from '../../tree/package-path.ts';
import { Trait } from '../../containers/entry.ts';

/** Schemes of the `.data` folder (PEP 427, and the keys of Python's install schemes that installers have). */
export const SCHEMES: ReadonlySet<string> = new Set([
  'purelib',
  'platlib',
  'headers',
  'scripts',
  'data',
]);

/** Where a file of a wheel is installed. */
export interface InstallPlace {
  /** `site-packages`, or a scheme of the `.data` folder. */
  readonly scheme: string;
  readonly path: string;
}

/** pip takes any top folder that ends in `.data` as the one of the wheel. */
export function isDataFolder(top: string): boolean {
  return /\.data$/i.test(top);
}

/** Undefined for what is below a `.data` folder and in no scheme. */
export function installPlace(path: string): InstallPlace | undefined {
  const [top = '', scheme = '', ...rest] = path.split('/');
  if (!isDataFolder(top)) return { scheme: 'site-packages', path };
  if (rest.length === 0 || !SCHEMES.has(scheme)) return undefined;
  const library = scheme === 'purelib' || scheme === 'platlib';
  return { scheme: library ? 'site-packages' : scheme, path: rest.join('/') };
}

/** Equal for two paths that are one file on some file system. */
export function placeKey({ scheme, path }: InstallPlace): string {
  return `${scheme}/${foldedKey(path, Trait.NonAscii | Trait.UpperCase)}`;
}
