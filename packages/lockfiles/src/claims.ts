/*
 * The words of a lockfile's entry about its package, with the names that package.json has for them. Each kind of lockfile repeats other
 * statements, so a claim lists the kinds that an absent field denies.
 */
import type { ClaimKind, NpmClaim } from '@tarwarden/core/metadata';

const OF_PACKAGE_LOCK: readonly ClaimKind[] = [
  'identity',
  'dependencies',
  'peers',
  'bundled',
  'bin',
  'platform',
  'engines',
];

type Entry = Readonly<Record<string, unknown>>;

function claim(document: Entry, shows: readonly ClaimKind[]): NpmClaim {
  return { ecosystem: 'npm', by: 'lockfile', document, shows: new Set(shows) };
}

/**
 * An entry of `packages` in package-lock.json. npm copies the fields of the registry's document. `showsScripts`: some entry of the file
 * has `hasInstallScript`, so npm knew of scripts when it wrote the file. Some registries do not tell npm.
 */
export function packageLockClaim(entry: Entry, showsScripts: boolean): NpmClaim {
  if (!showsScripts) return claim(entry, OF_PACKAGE_LOCK);
  const { hasInstallScript = false } = entry;
  return claim({ ...entry, hasInstallScript }, [...OF_PACKAGE_LOCK, 'scripts']);
}

/**
 * An entry of `packages` in pnpm-lock.yaml. pnpm writes `engines` for node alone, and the dependencies that overrides, hooks and extensions
 * left. So an absent dependency proves nothing.
 */
export function pnpmLockClaim(entry: Entry): NpmClaim {
  return claim(entry, ['platform', ...(Object.hasOwn(entry, 'engines') ? ENGINES : [])]);
}

const ENGINES: readonly ClaimKind[] = ['engines'];

/** bun.lock has the dependencies and commands of an entry in an object. */
export function bunClaim(info: Entry): NpmClaim {
  const { optionalPeers } = info;
  const names: unknown[] = Array.isArray(optionalPeers) ? optionalPeers : [];
  const peerDependenciesMeta = Object.fromEntries(
    names.map((name) => [String(name), { optional: true }]),
  );
  return claim({ ...info, peerDependenciesMeta }, ['dependencies', 'bin', 'platform']);
}

/** An entry of Yarn's lockfile. Yarn 1 writes dependencies alone; later versions also write commands and peers. */
export function yarnClaim(entry: Entry, shows: readonly ClaimKind[]): NpmClaim {
  const { dependencies, dependenciesMeta } = entry;
  if (!isEntry(dependencies)) return claim(entry, shows);
  const ranges = Object.entries(dependencies).map(
    ([name, range]) => [name, typeof range === 'string' ? ownRange(range) : range] as const,
  );
  const isOptional = (name: string): boolean => {
    const meta = isEntry(dependenciesMeta) ? dependenciesMeta[name] : undefined;
    return isEntry(meta) && String(meta['optional']) === 'true';
  };
  const optional = Object.fromEntries(ranges.filter(([name]) => isOptional(name)));
  const { optionalDependencies = optional } = entry;
  return claim({ ...entry, dependencies: Object.fromEntries(ranges), optionalDependencies }, shows);
}

/** Yarn 4 adds `npm:` to each range. An alias (`npm:other@^1.0.0`) has it in package.json too. */
function ownRange(range: string): string {
  return /^npm:[^@]*$/.test(range) ? range.slice('npm:'.length) : range;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
