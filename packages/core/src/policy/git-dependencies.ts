import { createHash } from 'node:crypto';
import type { Approver } from '../finding/verdict.ts';
import { hasExpired } from './exceptions.ts';
import type { GitDependency } from './policy.ts';
import type { PolicyFile } from './schema.ts';

/** A git dependency that is accepted today. */
export interface HeldGitDependency extends GitDependency {
  readonly approvedBy: Approver;
}

export interface GitDependencies {
  readonly held: readonly HeldGitDependency[];
  /** Those of the repository that the user has not approved. They have no effect. */
  readonly proposed: readonly GitDependency[];
}

/** First value of the canonical form. It differs from that of exceptions, so that no hash approves both. */
const FORM = 'tarwarden-git-dependency-v1';

/** The hash by which a user approves it, made as that of an exception: `["tarwarden-git-dependency-v1", package, resolved, reason, expires]`. */
export function gitDependencyHash(dependency: GitDependency): string {
  const { package: name, resolved, reason, expires } = dependency;
  const form = JSON.stringify([FORM, name, resolved, reason, expires]);
  return createHash('sha256').update(form, 'utf8').digest('hex');
}

/** Those of the machine and of the user hold, and those of the repository that the user approved. Expired ones are left out. */
export function mergeGitDependencies(
  files: {
    readonly machine: readonly PolicyFile[];
    readonly user: readonly PolicyFile[];
    readonly repository: readonly PolicyFile[];
    readonly approved: ReadonlySet<string> | undefined;
  },
  today: string,
): GitDependencies {
  const current = (all: readonly PolicyFile[]): readonly GitDependency[] =>
    all
      .flatMap(({ gitDependencies = [] }) => gitDependencies)
      .filter((dependency) => !hasExpired(dependency, today));
  const offered = current(files.repository).map((dependency) => ({
    dependency,
    isApproved: files.approved?.has(gitDependencyHash(dependency)) === true,
  }));
  return {
    held: [
      ...current(files.machine).map((dependency) => ({
        ...dependency,
        approvedBy: 'machine' as const,
      })),
      ...current(files.user).map((dependency) => ({ ...dependency, approvedBy: 'user' as const })),
      ...offered
        .filter(({ isApproved }) => isApproved)
        .map(({ dependency }) => ({ ...dependency, approvedBy: 'repository+user' as const })),
    ],
    proposed: offered.filter(({ isApproved }) => !isApproved).map(({ dependency }) => dependency),
  };
}
