/* Gems of one version for several platforms, as the compact index of a source lists them: https://guides.rubygems.org/rubygems-org-compact-index-api/ */
import type { Lockfile } from '@tarwarden/lockfiles';
import type { LockfileEntry } from '../../plan.ts';

/** Bytes of the list of a gem's versions; those of rubygems.org have up to some 2 million. */
export const INFO_BYTES_MAX: number = 16 * 1024 * 1024;

/** Gems of one version that are inspected: some are built for a dozen platforms. */
export const PLATFORMS_MAX = 64;

/** Characters of a version with its platform: the name of a file cannot be longer. */
const VERSION_CHARS_MAX = 255;

export interface ListedGem {
  /** With the platform: `1.16.0-x86_64-linux`. */
  readonly version: string;
  /** Subresource Integrity of the gem, where the index has it. */
  readonly integrity?: string;
  /** The text behind the version. */
  readonly entry: string;
}

/** The gems of the locked version that the lockfile does not have. Lines of any other form are skipped, as in Bundler. */
export function otherPlatformsIn(info: string, entry: LockfileEntry): ListedGem[] {
  const isOther = otherThanLocked(entry);
  const lines = info.split('\n');
  const found = new Map<string, ListedGem>();
  for (const line of lines.slice(lines.indexOf('---') + 1)) {
    const [version = '', rest = ''] = line.split(/ (.*)/s, 2);
    // A gem with such a long name cannot be written to a file.
    if (version.length > VERSION_CHARS_MAX) continue;
    const plain = version.replace(/-ruby$/, '');
    if (!isOther(plain)) continue;
    const sum = /(?:^|[|,])checksum:([0-9a-f]{64})(?:,|$)/.exec(rest)?.[1];
    const integrity = sum && `sha256-${Buffer.from(sum, 'hex').toString('base64')}`;
    found.set(plain, { version: plain, entry: rest, ...(integrity && { integrity }) });
  }
  return [...found.values()];
}

/** Whether a version with its platform is the locked version for another platform, or in another spelling, and the lockfile does not have it. */
function otherThanLocked(entry: LockfileEntry): (version: string) => boolean {
  const known = lockedVersions(entry);
  const wanted = comparable(entry.locked.version.split('-', 1)[0]!);
  return (version) => comparable(version.split('-', 1)[0]!) === wanted && !known.has(version);
}

/** The versions of a gem in the lockfile, with their platforms. */
function lockedVersions({ locked, lockfile }: LockfileEntry): ReadonlySet<string> {
  const versions = lockfile && versionsIn(lockfile).get(locked.name);
  return versions ?? new Set([locked.version]);
}

const versionsByLockfile = new WeakMap<Lockfile, ReadonlyMap<string, ReadonlySet<string>>>();

/** Versions of each package. Made once for a lockfile, since it can have any number of gems. */
function versionsIn(lockfile: Lockfile): ReadonlyMap<string, ReadonlySet<string>> {
  const made = versionsByLockfile.get(lockfile);
  if (made !== undefined) return made;
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of lockfile.packages) {
    const known = versions.get(name);
    if (known === undefined) versions.set(name, new Set([version]));
    else known.add(version);
  }
  versionsByLockfile.set(lockfile, versions);
  return versions;
}

/** RubyGems takes `1.0` and `1.0.0` for the same version, and also `1.0.a` and `1.a`. */
function comparable(version: string): string {
  const segments = version.match(/\d+|[a-z]+/gi) ?? [];
  const numbers = segments.map((text) => (/^\d/.test(text) ? text.replace(/^0+(?=\d)/, '') : text));
  const kept: string[] = [];
  for (const [index, segment] of numbers.entries()) {
    const next = numbers.slice(index).find((text) => text !== '0');
    if (segment === '0' && (next === undefined || /^[a-z]/i.test(next))) continue;
    kept.push(segment);
  }
  return kept.join('.');
}
