/*
 * Approvals: the exceptions of repositories that the user has approved. A file beside the user's own policy file lists the hashes of
 * these exceptions. So an approval holds for every clone, and ends when the exception changes.
 */
import { dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { JsonSyntaxError, parseApprovals, parseJson, type Approval } from '@tarwarden/core/policy';
import { printablePath } from '@tarwarden/core/text';
import type { Environment } from '../known/cache-directory.ts';
import { isLink } from '../project/real-path.ts';
import { refuseForeignUserFile, refusePlantedFile } from './own-file.ts';
import { readTextFile } from './text-file.ts';
import { userConfigFolder, userPolicyPath } from './user-policy.ts';

/** The path of the user's approvals file, whether it exists or not. */
export function approvalsPath(env: Environment, platform?: NodeJS.Platform): string {
  return join(dirname(userPolicyPath(env, platform)), 'approvals.json');
}

export interface ApprovalsOptions {
  readonly env: Environment;
  /** Folder of the current project. The file must not come from that project. */
  readonly cwd: string;
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * The approvals of the user.
 * @throws TarwardenError: `POLICY_UNTRUSTED` if others can write the file or it may have come with the project, `POLICY_INVALID` if
 *   it is a link or is not what `tarwarden allow --approve` writes, `POLICY_UNREADABLE`.
 */
export function readApprovals({ env, cwd, platform }: ApprovalsOptions): readonly Approval[] {
  const path = approvalsPath(env, platform);
  if (isLink(path)) throw invalid(path, 'is a symbolic link: put the file itself there');
  const file = readTextFile(path, { follow: false });
  if (file === undefined) return [];
  refuseForeignUserFile(path, file.stat);
  refusePlantedApprovals({ env, cwd, platform });
  const approvals = parseApprovals(jsonValue(path, file.text));
  if (approvals === undefined)
    throw invalid(
      path,
      'is not what `tarwarden allow --approve` writes: remove it, and approve anew',
    );
  return approvals;
}

/** @throws TarwardenError `POLICY_UNTRUSTED` if the user's approvals file may have come with the project. The file need not exist. */
export function refusePlantedApprovals({ env, cwd, platform }: ApprovalsOptions): void {
  refusePlantedFile(approvalsPath(env, platform), userConfigFolder(env, platform), cwd);
}

/** The same for the user's own policy file. */
export function refusePlantedPolicy({ env, cwd, platform }: ApprovalsOptions): void {
  refusePlantedFile(userPolicyPath(env, platform), userConfigFolder(env, platform), cwd);
}

export function approvedHashes(options: ApprovalsOptions): ReadonlySet<string> {
  const counted = readApprovals(options).filter(({ kind }) => kind === 'user');
  return new Set(counted.map(({ hash }) => hash));
}

function jsonValue(path: string, text: string): unknown {
  try {
    return parseJson(text).value;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw invalid(path, `cannot be read: ${error.message}`, error);
  }
}

function invalid(path: string, problem: string, cause?: unknown): TarwardenError {
  return new TarwardenError('POLICY_INVALID', `${printablePath(path)} ${problem}`, { cause });
}
