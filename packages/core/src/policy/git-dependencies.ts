import { createHash } from 'node:crypto';
import { approvedEntries, type ApprovedEntries } from './approval.ts';
import { hasExpired } from './exceptions.ts';
import type { GitDependency } from './policy.ts';
import type { PolicyFile } from './schema.ts';

/** The git dependencies that are accepted today. */
export type GitDependencies = ApprovedEntries<GitDependency>;

/** First value of the canonical form. It differs from that of exceptions, so that no hash approves both. */
const FORM = 'tarwarden-git-dependency-v1';

/** The hash by which a user approves it, made as that of an exception: `["tarwarden-git-dependency-v1", package, resolved, reason, expires]`. */
export function gitDependencyHash(dependency: GitDependency): string {
  const { package: name, resolved, reason, expires } = dependency;
  const form = JSON.stringify([FORM, name, resolved, reason, expires]);
  return createHash('sha256').update(form, 'utf8').digest('hex');
}

/** The git dependencies of all policy files. Expired ones are left out. */
export function mergeGitDependencies(
  files: {
    readonly machine: readonly PolicyFile[];
    readonly user: readonly PolicyFile[];
    readonly repository: readonly PolicyFile[];
    readonly approved: ReadonlySet<string> | undefined;
  },
  today: string,
): GitDependencies {
  const current = (policyFiles: readonly PolicyFile[]): readonly GitDependency[] =>
    policyFiles
      .flatMap(({ gitDependencies = [] }) => gitDependencies)
      .filter((dependency) => !hasExpired(dependency, today));
  const { machine, user, repository, approved } = files;
  return approvedEntries(
    {
      machine: current(machine),
      user: current(user),
      repository: current(repository),
      approved,
    },
    gitDependencyHash,
  );
}
