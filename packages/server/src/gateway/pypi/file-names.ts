/* Reads the version of a file from its name, as pip does. */
import { parseWheelFileName, pypiNameKey } from '@tarwarden/core/metadata';

/** File endings that pip installs from. Other files, such as eggs and Windows installers, are not served. */
const SOURCE = /\.(?:tar\.gz|tgz|tar|zip|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** Whether a name stays in its folder. */
export function isDistributionName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.+!~-]{0,250}$/.test(name);
}

/** Whether a name is a normalised project name (PEP 503). */
export function isProject(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,250}[a-z0-9])?$/.test(name) && pypiNameKey(name) === name;
}

/** Reads the version of a file from its name; undefined if pip does not accept it as a file of this project. */
export type VersionReader = (fileName: string) => string | undefined;

/** The reader for all files of a page. */
export function versionsOf(project: string): VersionReader {
  // Undoes the normalisation in one pattern: trying each hyphen would take long for names with many.
  const parts = project.split('-').map((part) => part.replaceAll(/[^a-z0-9]/g, String.raw`\$&`));
  const stem = new RegExp(`^${parts.join('[-_.]+')}-(.+)$`, 'is');
  return (fileName) => versionIn(fileName, project, stem);
}

function versionIn(fileName: string, project: string, ofProject: RegExp): string | undefined {
  if (fileName.endsWith('.whl')) {
    const wheel = parseWheelFileName(fileName);
    return wheel !== undefined && pypiNameKey(wheel.name) === project ? wheel.version : undefined;
  }
  const ending = SOURCE.exec(fileName);
  if (ending === null) return undefined;
  return ofProject.exec(fileName.slice(0, ending.index))?.[1];
}

export function distributionFormat(fileName: string): 'wheel' | 'sdist' {
  return fileName.endsWith('.whl') ? 'wheel' : 'sdist';
}
