import { MAX_FINDINGS_PER_RULE } from '../limits.ts';
import { quote } from '../text/printable.ts';
import { isRecord, type PackageJson } from './manifest.ts';

/** The kinds of dependencies that managers install with a package from a registry. */
const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Specifiers of a registry: npm's own, under another name, and of JSR. */
const OF_REGISTRY = /^\s*(?:npm|jsr):/i;

/** A protocol, a path, a short name such as `user/repository`, or the name of an archive. Ranges and tags of versions have none of these. */
const OUTSIDE = /[:/\\]|^\s*\.{1,2}\s*$|\.(?:tgz|tar\.gz|tar)\s*$/i;

/** The dependencies of a package.json that do not come from a registry, in words: the first ones. Bundled ones are in the archive. */
export function outsideDependenciesOf(manifest: PackageJson | undefined): readonly string[] {
  if (!manifest?.ok) return [];
  const { json } = manifest;
  const found: string[] = [];
  for (const kind of KINDS) {
    const map = json[kind];
    if (!isRecord(map)) continue;
    for (const name in map) {
      const spec = map[name];
      if (typeof spec !== 'string' || !OUTSIDE.test(spec) || OF_REGISTRY.test(spec)) continue;
      if (isBundled(json, name)) continue;
      found.push(`${quote(name)} in ${kind} is ${quote(spec)}`);
      if (found.length > MAX_FINDINGS_PER_RULE) return found;
    }
  }
  return found;
}

function isBundled(json: Readonly<Record<string, unknown>>, name: string): boolean {
  const bundled = json['bundleDependencies'] ?? json['bundledDependencies'];
  return bundled === true || (Array.isArray(bundled) && bundled.includes(name));
}
