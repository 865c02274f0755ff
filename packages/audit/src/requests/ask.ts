/* Reads which package a range asks for, in the words of npm, pnpm, Yarn and bun. */
import { validRange } from 'semver';
import type { LockfileKind } from '@tarwarden/lockfiles';

/** Characters of a range. semver itself takes no longer one. */
const RANGE_CHARS_MAX = 256;

export type RequestedPackage =
  /** A package of a registry. A tag has no range, and any version matches. */
  | { readonly type: 'registry'; readonly name: string; readonly range?: string }
  /** A part of the project: a workspace, a folder, or an archive. */
  | { readonly type: 'local' };

/** Undefined for an address, a git repository or a patch. */
export function requestedPackage(
  name: string,
  text: string,
  kind: LockfileKind,
): RequestedPackage | undefined {
  const spec = text.trim();
  if (spec.length > RANGE_CHARS_MAX) return undefined;
  // Yarn 1 does not know this protocol, and asks the registry.
  if (kind === 'yarn-classic' && spec.startsWith('workspace:')) return undefined;
  if (/^(?:workspace|link|portal|file):/.test(spec)) return { type: 'local' };
  if (!spec.startsWith('npm:')) return registryAsk(name, spec);
  const rest = spec.slice('npm:'.length);
  const [, other, range] = /^((?:@[^/@]+\/)?[^/@]+)@(?:npm:)?(.+)$/s.exec(rest) ?? [];
  if (other !== undefined && range !== undefined) return registryAsk(other, range);
  // For Yarn 2 and newer, the rest is a tag. For others, it is the name of a package.
  if (kind === 'yarn-berry' || validRange(rest, LOOSE) !== null) return registryAsk(name, rest);
  return { type: 'registry', name: rest };
}

const LOOSE = { loose: true };

function registryAsk(name: string, spec: string): RequestedPackage | undefined {
  if (validRange(spec, LOOSE) !== null) return { type: 'registry', name, range: spec };
  return /^[a-z][\w.-]*$/i.test(spec) ? { type: 'registry', name } : undefined;
}
