/* Compares a git dependency that cannot be inspected with those that the policy accepts. */
import {
  gitDependencyHash,
  prefixedName,
  type GitDependencies,
  type GitDependency,
} from '@tarwarden/core/policy';
import { resolvedCommit, type LockedPackage } from '@tarwarden/lockfiles';
import type { GitCommit } from './result.ts';

/** Undefined if the lockfile does not name the package and a whole commit. Then the policy cannot accept it. */
export function gitCommit(
  { ecosystem, name, source }: LockedPackage,
  { held, proposed }: GitDependencies,
): GitCommit | undefined {
  const resolved = source.type === 'git' ? resolvedCommit(source) : undefined;
  if (resolved === undefined || name === '') return undefined;
  const named = prefixedName(ecosystem, name);
  const isThis = (dependency: GitDependency): boolean =>
    dependency.package === named && dependency.resolved === resolved;
  const accepted = held.find(isThis);
  const proposal = accepted === undefined ? proposed.find(isThis) : undefined;
  return {
    package: named,
    resolved,
    ...(accepted !== undefined && { accepted }),
    ...(proposal !== undefined && { proposed: gitDependencyHash(proposal) }),
  };
}
