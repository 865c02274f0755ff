import { isSamePypiVersion, pypiNameKey, pypiVersionKey } from './identity.ts';

/** Hyphens of one name at which it is cut. The longest real names have six. */
const MAX_CUTS = 50;

/** Of what project and version a file or folder is named after. */
export interface NamedRelease {
  readonly name: string;
  readonly version: string;
}

/** What a file is called without what ends it as an sdist; undefined where nothing does. */
export function sdistStem(fileName: string): string | undefined {
  return /^(.+)\.(?:tar\.gz|tgz|zip|tar)$/i.exec(fileName)?.[1];
}

/** Every way to read `name-version`: both have had hyphens, before PEP 625. Empty where it is not of this form. */
export function readingsOf(stem: string): NamedRelease[] {
  const readings: NamedRelease[] = [];
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
    const [name, version] = [stem.slice(0, at), stem.slice(at + 1)];
    if (pypiVersionKey(version) !== undefined) readings.push({ name, version });
    if (readings.length === MAX_CUTS) break;
  }
  return readings;
}

/** Whether a file or folder may be named after a project and a version, however it is spelled. */
export function isNamedAfter(stem: string, { name, version }: NamedRelease): boolean {
  const wanted = pypiNameKey(name);
  const readings = [...readingsOf(stem), literal(stem, version)];
  return readings.some(
    (reading) =>
      pypiNameKey(reading.name) === wanted && isSamePypiVersion(reading.version, version),
  );
}

/** For versions that PEP 440 does not know, which end the name as they are. */
function literal(stem: string, version: string): NamedRelease {
  const name = stem.endsWith(`-${version}`) ? stem.slice(0, -version.length - 1) : '';
  return { name, version };
}
