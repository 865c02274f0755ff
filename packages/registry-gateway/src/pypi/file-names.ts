/* Which file is of which version of a project, as pip reads it off its name. */
import { parseWheelFileName, pypiNameKey } from '@tarwarden/core/metadata';

/** Endings that pip installs from. What has another one, as eggs and installers of Windows, no client of the gateway needs. */
const SOURCE = /\.(?:tar\.gz|tgz|tar|zip|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** A name that leads nowhere else. */
export function isFileName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.+!~-]{0,250}$/.test(name);
}

/** A name of a project, normalised (PEP 503). */
export function isProject(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,250}[a-z0-9])?$/.test(name) && pypiNameKey(name) === name;
}

/** The version that a file is of; undefined where pip does not take it as one of this project. */
export function versionIn(fileName: string, project: string): string | undefined {
  if (fileName.endsWith('.whl')) {
    const wheel = parseWheelFileName(fileName);
    return wheel !== undefined && pypiNameKey(wheel.name) === project ? wheel.version : undefined;
  }
  const ending = SOURCE.exec(fileName);
  if (ending === null) return undefined;
  const stem = fileName.slice(0, ending.index);
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1))
    if (pypiNameKey(stem.slice(0, at)) === project) return stem.slice(at + 1) || undefined;
  return undefined;
}

export function formatOf(fileName: string): 'wheel' | 'sdist' {
  return fileName.endsWith('.whl') ? 'wheel' : 'sdist';
}
