import { isSamePypiVersion, pypiNameKey, pypiVersionKey } from './identity.ts';

/** Hyphens at which a name is cut into name and version. The longest real names have six. */
const MAX_CUTS = 50;

/** The project and version after which a file or folder is named. */
export interface NamedRelease {
  readonly name: string;
  readonly version: string;
}

/** The name of a file without the ending of an sdist. Undefined if it has no such ending. */
export function sdistStem(fileName: string): string | undefined {
  return /^(.+)\.(?:tar\.gz|tgz|zip|tar)$/i.exec(fileName)?.[1];
}

/** Every way to read `name-version`, since both could have hyphens before PEP 625. Empty for a text without this form. */
export function readingsOf(stem: string): NamedRelease[] {
  const readings: NamedRelease[] = [];
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
    const [name, version] = [stem.slice(0, at), stem.slice(at + 1)];
    if (pypiVersionKey(version) !== undefined) readings.push({ name, version });
    if (readings.length === MAX_CUTS) break;
  }
  return readings;
}

/** Whether a file or folder may be named after a project and a version, in any spelling. */
export function isNamedAfter(stem: string, { name, version }: NamedRelease): boolean {
  const wanted = pypiNameKey(name);
  const readings = [...readingsOf(stem), literal(stem, version)];
  return readings.some(
    (reading) =>
      pypiNameKey(reading.name) === wanted && isSamePypiVersion(reading.version, version),
  );
}

/** A reading for a version that is not valid in PEP 440: the name has to end with its exact text. */
function literal(stem: string, version: string): NamedRelease {
  const name = stem.endsWith(`-${version}`) ? stem.slice(0, -version.length - 1) : '';
  return { name, version };
}
