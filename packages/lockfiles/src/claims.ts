/* The words of the entries of Yarn's and bun's lockfiles about their packages, with the names that package.json has for them. */
import { yarnPackageClaim, type ClaimKind, type NpmClaim } from '@tarwarden/core/metadata';
import { isMapping, mappingField, type Mapping } from './yaml-documents.ts';

/**
 * bun.lock has the dependencies and commands of an entry in an object. A command of the package's own name is a text. bun writes `none`
 * for a platform that it does not know, such as `riscv64`. Such an entry does not show the platform.
 */
export function bunClaim(name: string, info: Mapping): NpmClaim {
  const isUnknown = info['os'] === 'none' || info['cpu'] === 'none';
  const shows = isUnknown ? OF_BUN_ELSEWHERE : OF_BUN;
  return { ecosystem: 'npm', by: 'lockfile', document: { name, ...info }, shows };
}

const OF_BUN_ELSEWHERE: ReadonlySet<ClaimKind> = new Set<ClaimKind>(['dependencies', 'bin']);
const OF_BUN: ReadonlySet<ClaimKind> = new Set<ClaimKind>([...OF_BUN_ELSEWHERE, 'platform']);

/** An entry of yarn.lock of Yarn 1, which has dependencies alone. */
export function classicClaim(entry: Mapping): NpmClaim {
  return { ecosystem: 'npm', by: 'lockfile', document: entry, shows: OF_CLASSIC };
}

const OF_CLASSIC: ReadonlySet<ClaimKind> = new Set<ClaimKind>(['identity', 'dependencies']);

/** An entry of yarn.lock of later versions, which also has commands and peers. */
export function berryClaim(entry: Mapping): NpmClaim {
  const claim = yarnPackageClaim({
    dependencies: textsIn(entry, 'dependencies'),
    peerDependencies: textsIn(entry, 'peerDependencies'),
    optional: optionalIn(entry, 'dependenciesMeta'),
    optionalPeers: optionalIn(entry, 'peerDependenciesMeta'),
    bin: mappingField(entry, 'bin'),
  });
  return { ...claim, by: 'lockfile' };
}

function textsIn(entry: Mapping, field: string): Record<string, string> {
  const all = Object.entries(mappingField(entry, field));
  return Object.fromEntries(
    all.filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function optionalIn(entry: Mapping, field: string): string[] {
  return Object.entries(mappingField(entry, field)).flatMap(([name, meta]) =>
    isMapping(meta) && meta['optional'] === 'true' ? [name] : [],
  );
}
