/* Finds the gems whose platform Bundler chooses when it installs, and not when it writes Gemfile.lock. Tried with Bundler 2.5 to 2.7 and 4.0.0.dev. */
import type { LockedPackage } from '../lockfile.ts';

/** These platforms name an implementation of Ruby. They do not name the processor and system that a gem was built for. */
const GENERIC: readonly string[] = ['', 'ruby'];
/** Platforms of one lockfile. Real lockfiles have up to some twenty. */
const PLATFORMS_MAX = 256;
/** JRuby takes this for a generic platform. Every other Ruby takes it for a different platform. */
const JRUBY: readonly string[] = ['java', 'jruby'];

type Gem = Pick<LockedPackage, 'name' | 'version' | 'source'>;

/**
 * The gems for which Bundler may install another archive of the same version, each version once:
 *
 * - all, where PLATFORMS has no platform but `ruby`, as in lockfiles that began before Bundler 2.2. Bundler then takes the gem that
 *   fits the machine best, and ignores the platform in the lockfile.
 * - those that the lockfile has neither for `ruby` nor for each of PLATFORMS. Bundler looks for one that fits, also where the
 *   lockfile is frozen.
 */
export function gemsOfAnyPlatform<G extends Gem>(
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
    const others = versions.get(key);
    if (others === undefined) versions.set(key, [gem]);
    else others.push(gem);
  }
  const chosen = [...versions.values()].filter((all) => {
    if (choosesAlways) return true;
    const locked = all.map((gem) => partsOf(gem).platform);
    if (locked.some((platform) => GENERIC.includes(platform))) return false;
    return !specific.every((platform) => locked.some((built) => runsOn(built, platform)));
  });
  return new Set(chosen.map(([first]) => first));
}

function partsOf({ version }: Gem): { readonly version: string; readonly platform: string } {
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
