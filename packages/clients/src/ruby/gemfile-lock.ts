/* Reads Gemfile.lock. It has named sections, in which gems are indented. Since Bundler 2.6, a section has checksums. */
import { withoutTrailing } from '@tarwarden/core/text';
import type { Collector } from '../lockfile/collector.ts';
import { sriOfHex } from '../lockfile/integrity.ts';
import type { Integrity, LockedPackage, PackageSource } from '../lockfile/lockfile.ts';
import { repositoryAt } from '../lockfile/specs.ts';

/** These platforms name an implementation of Ruby. They do not name the processor and system that a gem was built for. */
const GENERIC: readonly string[] = ['', 'ruby'];
/** Platforms of one lockfile. Real lockfiles have up to some twenty. */
const PLATFORMS_MAX = 256;
/** JRuby takes this for a generic platform. Every other Ruby takes it for a different platform. */
const JRUBY: readonly string[] = ['java', 'jruby'];

type LockedGem = Pick<LockedPackage, 'name' | 'version' | 'source'>;

/**
 * The gems for which Bundler may install another archive of the same version, each version once:
 *
 * - all, where PLATFORMS has no platform but `ruby`, as in lockfiles that began before Bundler 2.2. Bundler then takes the gem that
 *   fits the machine best, and ignores the platform in the lockfile.
 * - those that the lockfile has neither for `ruby` nor for each of PLATFORMS. Bundler looks for one that fits, also where the
 *   lockfile is frozen.
 */
function gemsOfAnyPlatform<G extends LockedGem>(
  gems: readonly G[],
  platforms: readonly string[],
): ReadonlySet<G> {
  const specific = [...new Set(platforms)].filter((platform) => !GENERIC.includes(platform));
  const choosesAlways =
    specific.length === 0 ||
    specific.length > PLATFORMS_MAX ||
    specific.some((platform) => JRUBY.includes(platform));
  const versions = new Map<string, [G, ...G[]]>();
  for (const gem of gems) {
    if (gem.source.type !== 'registry') continue;
    const key = JSON.stringify([gem.name, partsOf(gem).version]);
    const sameVersionGems = versions.get(key);
    if (sameVersionGems === undefined) versions.set(key, [gem]);
    else sameVersionGems.push(gem);
  }
  const chosen = [...versions.values()].filter((sameVersionGems) => {
    if (choosesAlways) return true;
    const locked = sameVersionGems.map((gem) => partsOf(gem).platform);
    if (locked.some((platform) => GENERIC.includes(platform))) return false;
    return !specific.every((platform) => locked.some((built) => runsOn(built, platform)));
  });
  return new Set(chosen.map(([first]) => first));
}

function partsOf({ version }: LockedGem): { readonly version: string; readonly platform: string } {
  const dash = version.indexOf('-');
  return dash < 0
    ? { version, platform: '' }
    : { version: version.slice(0, dash), platform: version.slice(dash + 1) };
}

/** Whether a gem for one platform also runs on another. Bundler knows more pairs; for those the audit inspects the other gems as well. */
function runsOn(built: string, platform: string): boolean {
  const [cpu = '', os = '', version] = built.split('-');
  const [wantedCpu = '', wantedOs = '', wantedVersion] = platform.split('-');
  return (
    (cpu === wantedCpu || cpu === 'universal') &&
    os === wantedOs &&
    (version === undefined || wantedVersion === undefined || version === wantedVersion)
  );
}

/** Sections that list gems. All others except the checksums are about the project. */
const SOURCES: readonly string[] = ['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE'];
const OTHERS: readonly string[] = ['PLATFORMS', 'DEPENDENCIES', 'RUBY VERSION', 'BUNDLED WITH'];

interface Gem {
  readonly name: string;
  readonly version: string;
  readonly line: number;
  readonly source: PackageSource;
  readonly anyPlatform?: true;
  readonly requires: [name: string, versions: readonly string[]][];
}

export function readGemfileLock(text: string, to: Collector): string {
  const gems: Gem[] = [];
  const platforms: string[] = [];
  const checksums = new Map<string, Integrity | undefined>();
  let section = '';
  let remotes: string[] = [];
  let revisions: string[] = [];
  let version = '';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.replace(/\r$/, '');
    if (content === '') continue;
    if (!content.startsWith(' ')) {
      section = content;
      remotes = [];
      revisions = [];
      if (![...SOURCES, ...OTHERS, 'CHECKSUMS'].includes(section))
        to.problem(line, 'this section is not one that Bundler writes');
    } else if (section === 'CHECKSUMS') {
      readChecksum(content, line, { to, checksums });
    } else if (SOURCES.includes(section)) {
      const remote = /^ {2}remote: (.*)$/.exec(content)?.[1];
      if (remote !== undefined) remotes.push(remote);
      const revision = /^ {2}revision: (.*)$/.exec(content)?.[1];
      if (revision !== undefined) revisions.push(revision);
      const [, name, exact] = /^ {4}(\S+) \(([^()\s]+)\)$/.exec(content) ?? [];
      if (name !== undefined && exact !== undefined)
        gems.push({
          name,
          version: exact,
          line,
          requires: [],
          source:
            section === 'GIT'
              ? repositoryOf(remotes, revisions)
              : sourceOf(section, remotes, `${name}-${exact}`),
        });
      else if (/^ {6}\S/.test(content)) readRequirement(content, gems.at(-1));
      else if (/^ {4}\S/.test(content))
        to.problem(line, 'this line is not one that Bundler writes');
    } else if (section === 'PLATFORMS') {
      platforms.push(content.trim());
    } else if (section === 'BUNDLED WITH') {
      version = content.trim();
    }
  }
  const anyPlatform = gemsOfAnyPlatform(gems, platforms);
  for (const gem of gems)
    add(anyPlatform.has(gem) ? { ...gem, anyPlatform: true } : gem, checksums, to);
  return version;
}

function add(gem: Gem, checksums: ReadonlyMap<string, Integrity | undefined>, to: Collector): void {
  const key = `${gem.name} (${gem.version})`;
  const integrity = gem.source.type === 'registry' ? checksums.get(key) : undefined;
  const locked: LockedPackage = { ecosystem: 'rubygems', ...gem, key };
  to.add(integrity === undefined ? locked : { ...locked, integrity });
}

/** `      rack (~> 3.0, >= 3.0.8)`, or only a name. */
function readRequirement(content: string, gem: Gem | undefined): void {
  const [, name, versions = ''] = /^ {6}(\S+)(?: \(([^()]*)\))?!?$/.exec(content) ?? [];
  if (name === undefined) return;
  gem?.requires.push([name, versions === '' ? [] : versions.split(',')]);
}

/** `  rack (3.1.8) sha256=…`, without a checksum if the gem was not downloaded. */
function readChecksum(
  content: string,
  line: number,
  { to, checksums }: { to: Collector; checksums: Map<string, Integrity | undefined> },
): void {
  const [, key = '', sums = ''] =
    /^ {2}(\S+ \([^()\s]+\))((?: [a-z0-9]+=[0-9a-f]+)?)$/.exec(content) ?? [];
  if (key === '') return to.problem(line, 'this line is not one that Bundler writes');
  if (checksums.has(key)) to.unread(line, key, 'has two checksums');
  const [algorithm = '', hex = ''] = sums.trim().split('=');
  checksums.set(key, sriOfHex(algorithm, hex));
}

/** Bundler writes one remote and one revision. With any other number, it is not known which commit it takes. */
function repositoryOf(remotes: readonly string[], revisions: readonly string[]): PackageSource {
  const isOne = remotes.length === 1 && revisions.length === 1;
  return repositoryAt(remotes.at(-1), { commit: isOne ? revisions[0] : undefined });
}

/** A single remote is the source of its gems. With several, the source is not known. */
function sourceOf(section: string, remotes: readonly string[], gem: string): PackageSource {
  const remote = remotes.at(-1) ?? '';
  if (section === 'PATH') return { type: 'folder', path: remote };
  if (section !== 'GEM' || remotes.length !== 1) return { type: 'registry' };
  return { type: 'registry', url: `${withoutTrailing(remote, '/')}/gems/${gem}.gem` };
}
