/* Which file is of which version of a project, as pip reads it off its name. */
import { parseWheelFileName, pypiNameKey } from '@tarwarden/core/metadata';

/** Endings that pip installs from. What has another one, as eggs and installers of Windows, no client of the gateway needs. */
const SOURCE = /\.(?:tar\.gz|tgz|tar|zip|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** A name that leads nowhere else. */
export function isDistributionName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.+!~-]{0,250}$/.test(name);
}

/** A name of a project, normalised (PEP 503). */
export function isProject(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,250}[a-z0-9])?$/.test(name) && pypiNameKey(name) === name;
}

/** Reads the version of a file off its name; it has none where pip does not take it as one of this project. */
export type VersionReader = (fileName: string) => string | undefined;

/** One for all files of a page. */
export function versionsOf(project: string): VersionReader {
  // Undoes the normalisation of names in one expression: trying each hyphen would take long for a name with many of them.
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
