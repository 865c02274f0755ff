/* The user's file of approvals, beside the user's policy file. It says which exceptions and accepted git dependencies of repositories count. */
import * as v from 'valibot';
import { exceptionHash } from './approval.ts';
import { gitDependencyHash } from './git-dependencies.ts';
import { parseException, parseGitDependency } from './parse.ts';
import type { Exception, GitDependency } from './policy.ts';

export interface Approval {
  /** `user`: approved on this machine. A later version may add other kinds; this version ignores them. */
  readonly kind: string;
  /** Hash of what is approved, see {@link permissionHash}. Only the hash is approved, and not the fields beside it. */
  readonly hash: string;
  /** The exception itself, for people who read the file. */
  readonly exception?: Exception;
  /** The git dependency itself, if it is one. */
  readonly gitDependency?: GitDependency;
}

/** An entry of a policy that lets something pass. A user can approve it by its hash. */
export type Permission = Exception | GitDependency;

export function isException(permission: Permission): permission is Exception {
  return 'rule' in permission;
}

export function permissionHash(permission: Permission): string {
  return isException(permission) ? exceptionHash(permission) : gitDependencyHash(permission);
}

const HASH = /^[0-9a-f]{64}$/;

export function isExceptionHash(text: string): boolean {
  return HASH.test(text);
}

const fileSchema = v.strictObject({
  version: v.literal(1),
  approvals: v.array(
    v.looseObject({
      kind: v.string(),
      hash: v.pipe(v.string(), v.regex(HASH)),
      exception: v.optional(v.unknown()),
      gitDependency: v.optional(v.unknown()),
    }),
  ),
});

/** Reads the parsed JSON of a file of approvals. Undefined if it is not valid, or if a hash does not match the fields beside it. */
export function parseApprovals(value: unknown): readonly Approval[] | undefined {
  const parsed = v.safeParse(fileSchema, value);
  if (!parsed.success) return undefined;
  const approvals: Approval[] = [];
  for (const { kind, hash, exception, gitDependency } of parsed.output.approvals) {
    const permissions = {
      ...(exception !== undefined && { exception: parseException(exception) }),
      ...(gitDependency !== undefined && { gitDependency: parseGitDependency(gitDependency) }),
    };
    const isRight = Object.values(permissions).every(
      (permission) => permission !== undefined && permissionHash(permission) === hash,
    );
    if (!isRight && kind === 'user') return undefined;
    approvals.push({ kind, hash, ...(isRight && (permissions as Partial<Approval>)) });
  }
  return approvals;
}

export function approvalsText(approvals: readonly Approval[]): string {
  return `${JSON.stringify({ version: 1, approvals }, null, 2)}\n`;
}
