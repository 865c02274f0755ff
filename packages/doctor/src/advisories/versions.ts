/* Compares the versions of each ecosystem with a library that has its rules. */
import pep440 from '@renovatebot/pep440';
import * as ruby from '@renovatebot/ruby-semver';
import semver from 'semver';
import type { OsvEcosystem } from '../component.ts';

/** Negative if `a` is older than `b`, 0 if they are equal, positive if `a` is newer. */
export type VersionComparator = (a: string, b: string) => number;

export class VersionError extends Error {
  override readonly name = 'VersionError';
  readonly code = 'version';
}

const COMPARE: Readonly<Record<OsvEcosystem, VersionComparator>> = {
  npm: (a, b) => semver.compare(semanticVersion(a), semanticVersion(b)),
  // Go writes 1.22 for 1.22.0, 1.22rc1 for 1.22.0-rc.1, and `X:` words behind a space for experiments.
  Go: (a, b) => semver.compare(goVersion(a), goVersion(b)),
  cpython: (a, b) => python(pythonVersion(a), pythonVersion(b)),
  PyPI: python,
  RubyGems: (a, b) => {
    for (const text of [a, b])
      if (text.length > VERSION_CHARS_MAX || ruby.valid(text) === null) throw unknown(text);
    return ruby.eq(a, b) ? 0 : ruby.gt(a, b) ? 1 : -1;
  },
};

/** Characters of a RubyGems version. The library's expression needs time that is quadratic in the length. */
const VERSION_CHARS_MAX = 256;

/** The order of an ecosystem's versions. It throws a VersionError for a text that is no version there. */
export function comparatorOf(ecosystem: OsvEcosystem): VersionComparator {
  return COMPARE[ecosystem];
}

/** The release that a pre-release belongs to, else the version itself, even if it is no valid version. */
export function releaseOf(ecosystem: OsvEcosystem, version: string): string {
  switch (ecosystem) {
    case 'npm':
      return releaseOfSemantic(version) ?? version;
    case 'Go': {
      const match = GO.exec(version);
      const semantic = match === null ? version.replace(/^(?:go|v)/, '') : goVersion(version);
      return releaseOfSemantic(semantic) ?? version;
    }
    case 'PyPI':
    case 'cpython': {
      const about = pep440.explain(pythonVersion(version));
      // A pre-release of a post-release is newer than the base version.
      return about !== null && about.is_prerelease && !about.is_postrelease
        ? about.base_version
        : version;
    }
    case 'RubyGems':
      return version.replace(/[.-]?[a-z].*$/is, '') || version;
  }
}

function releaseOfSemantic(version: string): string | undefined {
  const parsed = semver.parse(version);
  if (parsed === null) return undefined;
  return `${parsed.major}.${parsed.minor}.${parsed.patch}`;
}

function python(a: string, b: string): number {
  for (const text of [a, b]) if (pep440.valid(text) === null) throw unknown(text);
  return pep440.compare(a, b);
}

/** A Python that was built from a checkout has the version `3.13.5+`. */
function pythonVersion(text: string): string {
  return text.endsWith('+') ? text.slice(0, -1) : text;
}

/** Records of npm may omit the last numbers. */
function semanticVersion(text: string): semver.SemVer {
  const parsed =
    semver.parse(text) ?? (/^\d+(?:\.\d+)?$/.test(text) ? semver.coerce(text) : undefined);
  if (!parsed) throw unknown(text);
  return parsed;
}

const GO =
  /^(?:go|v)?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-?(beta|rc)\.?(\d+))?(-0)?(?: X:\S+|[+-]\S+)?$/;

function goVersion(text: string): string {
  // Modules have semantic versions, with pseudo-versions among them.
  const plain = semver.parse(text.replace(/^(?:go|v)/, ''));
  if (plain) return plain.version;
  const [, major, minor = '0', patch = '0', stage, number, zero = ''] = GO.exec(text) ?? [];
  if (major === undefined) throw unknown(text);
  const before = stage === undefined ? zero : `-${stage}.${number}`;
  return `${major}.${minor}.${patch}${before}`;
}

function unknown(text: string): VersionError {
  return new VersionError(`${JSON.stringify(text)} is no version that can be compared`);
}
