import { quote } from '../../text/printable.ts';
import { foldedKey, settledPath } from '../../tree/package-path.ts';
import { type Entry, Trait } from '../../containers/entry.ts';
import type { WheelPackage } from './wheel-package.ts';

/** Schemes of the `.data` folder (PEP 427, and the keys of Python's install schemes that installers have). */
const SCHEMES: ReadonlySet<string> = new Set(['purelib', 'platlib', 'headers', 'scripts', 'data']);

/** The folders of other schemes below the prefix, which the scheme `data` can write to. */
const LIBRARY = /^(?:local\/)?lib(?:64)?\/(?:python[\d.]+t?\/)?(?:site|dist)-packages\/(?=.)/i;
const SCRIPTS = /^(?:bin|scripts)\/(?=.)/i;

/** The place where a file of a wheel is installed. */
export interface InstallLocation {
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
export function installLocation(path: string): InstallLocation | undefined {
  const settled = settledPath(path);
  const [top = '', scheme = '', ...components] = settled.split('/');
  if (!isDataFolder(top)) return { scheme: 'site-packages', path: settled };
  if (components.length === 0 || !SCHEMES.has(scheme)) return undefined;
  const below = components.join('/');
  if (scheme === 'purelib' || scheme === 'platlib') return { scheme: 'site-packages', path: below };
  if (scheme !== 'data') return { scheme, path: below };
  if (LIBRARY.test(below)) return { scheme: 'site-packages', path: below.replace(LIBRARY, '') };
  return SCRIPTS.test(below)
    ? { scheme: 'scripts', path: below.replace(SCRIPTS, '') }
    : { scheme, path: below };
}

/** A key that is equal for two paths that are one file on some file system. */
export function locationKey({ scheme, path }: InstallLocation): string {
  return `${scheme}/${foldedKey(path, Trait.NonAscii | Trait.UpperCase)}`;
}

/** A file or a command that installing a wheel writes. */
export interface Installed {
  readonly key: string;
  /** The file in words. */
  readonly name: string;
  readonly entry: Entry;
  /** Whether it is an entry of the archive. Rules of the tree report clashes between two entries. */
  readonly inTree: boolean;
}

export function* installedBy({ files, entryPoints }: WheelPackage): Generator<Installed> {
  for (const [path, { entry }] of files) {
    const location = installLocation(path);
    const inTree = dataFolderOf(path) === undefined;
    if (location !== undefined)
      yield { key: locationKey(location), name: quote(path), entry, inTree };
  }
  if (entryPoints?.content === undefined) return;
  const { entry, content } = entryPoints;
  const commands = new Map<string, string>();
  for (const { name, value } of content.scripts) {
    const key = locationKey({ scheme: 'scripts', path: name });
    // Some wheels list a command twice, or for both kinds of scripts.
    if (commands.get(key) === value) continue;
    commands.set(key, value);
    yield {
      key,
      name: `the command ${quote(name)}, which runs ${quote(value)},`,
      entry,
      inTree: false,
    };
  }
}

/** Endings by which Python and pip recognise an installed distribution. */
const DISTRIBUTION = /\.(?:dist-info|egg-info|egg-link|egg)$/i;

/** The component of an installed path that would be a distribution of its own. */
export function plantedPart(path: string): string | undefined {
  const location = installLocation(path);
  if (location === undefined) return undefined;
  const components = location.path.split('/');
  // Python looks for distributions at the top; the scheme `data` reaches every folder of an environment.
  const candidates = location.scheme === 'site-packages' ? components.slice(0, 1) : components;
  const distribution = candidates.find((component) => DISTRIBUTION.test(component));
  // A `.dist-info` at the top of the wheel is its own, or wheel-dist-info reports it.
  return distribution !== undefined &&
    dataFolderOf(path) === undefined &&
    location.scheme === 'site-packages' &&
    /\.dist-info$/i.test(distribution)
    ? undefined
    : distribution;
}
