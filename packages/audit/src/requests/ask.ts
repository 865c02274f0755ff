/* What a range asks for, in the words of npm, pnpm, Yarn and bun. */
import { validRange } from 'semver';
import type { LockfileKind } from '@tarwarden/lockfiles';

/** Ranges that are looked at; semver itself takes none that is longer. */
const RANGE_CHARS_MAX = 256;

export type RequestedPackage =
  /** A registry. Without a range, any version will do: a tag. */
  | { readonly type: 'registry'; readonly name: string; readonly range?: string }
  /** Something of the project: a workspace, a folder, an archive in it. */
  | { readonly type: 'local' };

/** Undefined for what is asked of others: an address, git, a patch. */
export function requestedPackage(
  name: string,
  text: string,
  kind: LockfileKind,
): RequestedPackage | undefined {
  const spec = text.trim();
  if (spec.length > RANGE_CHARS_MAX) return undefined;
  // Yarn 1 knows none of its own workspaces by it, and asks the registry.
  if (kind === 'yarn-classic' && spec.startsWith('workspace:')) return undefined;
  if (/^(?:workspace|link|portal|file):/.test(spec)) return { type: 'local' };
  if (!spec.startsWith('npm:')) return registryAsk(name, spec);
  const rest = spec.slice('npm:'.length);
  const [, other, range] = /^((?:@[^/@]+\/)?[^/@]+)@(?:npm:)?(.+)$/s.exec(rest) ?? [];
  if (other !== undefined && range !== undefined) return registryAsk(other, range);
  // For Yarn 2 and newer it is a tag, for others the name of a package.
  if (kind === 'yarn-berry' || validRange(rest, LOOSE) !== null) return registryAsk(name, rest);
  return { type: 'registry', name: rest };
}

const LOOSE = { loose: true };

function registryAsk(name: string, spec: string): RequestedPackage | undefined {
  if (validRange(spec, LOOSE) !== null) return { type: 'registry', name, range: spec };
  return /^[a-z][\w.-]*$/i.test(spec) ? { type: 'registry', name } : undefined;
}
