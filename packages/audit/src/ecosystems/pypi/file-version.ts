/* Reads the project and the version from the name of a file. */
import { isSamePypiVersion, parseWheelFileName } from '@tarwarden/core/metadata';
import { normalisedName } from './simple-index.ts';

/** The endings of source archives that clients know. */
const SDIST = /\.(?:tar\.gz|tgz|tar|zip|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** Whether a client may take a file for this version of a project. */
export function isOfVersion(
  fileName: string,
  { name, version }: { readonly name: string; readonly version: string },
): boolean {
  const own = normalisedName(name);
  const [named, its] = namedIn(fileName, own.split('-').length) ?? [];
  if (named === undefined || its === undefined || normalisedName(named) !== own) return false;
  // `==1.0` is also 1.0+cpu.
  return isSamePypiVersion(version.includes('+') ? its : its.replace(/\+.*$/s, ''), version);
}

/** The name and the version in the name of a file, if the name of the project has this many parts. */
function namedIn(fileName: string, parts: number): readonly [string, string] | undefined {
  const wheel = parseWheelFileName(fileName);
  if (wheel !== undefined) return [wheel.name, wheel.version];
  const ending = SDIST.exec(fileName);
  if (ending === null) return undefined;
  const stem = fileName.slice(0, ending.index);
  const before = [...stem.matchAll(/[-_.]+/g)][parts - 1];
  if (before === undefined) return undefined;
  return [stem.slice(0, before.index), stem.slice(before.index + before[0].length)];
}
