/* `tarwarden allow --approve`: what the policy of the repository proposes counts on this machine from then on. */
import type { Policy } from '@tarwarden/core';
import {
  hasExpired,
  isException,
  isExceptionHash,
  permissionHash,
  type Approval,
  type GitDependency,
  type Permission,
} from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { tell, write, UsageError } from '@tarwarden/host/command-line';
import { canAsk, isAnsweredYes } from '../../ask.ts';
import { approvalOf, type ApprovalsDocument } from './approvals.ts';
import { approvalFields, permissionText } from './list.ts';

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

export interface ApproveOptions {
  readonly policy: Policy;
  /** The git dependencies that the project proposes to accept. */
  readonly gitDependencies: readonly GitDependency[];
  readonly approvals: ApprovalsDocument;
  /** Hashes of what to approve. If it is empty, the command asks, and approves all that the project proposes. */
  readonly hashes: readonly string[];
  /** Whether the question has been answered already. */
  readonly isSure: boolean;
  readonly json: boolean;
}

export async function approveExceptions(options: ApproveOptions): Promise<0 | 1 | 2> {
  const { hashes, json } = options;
  if (hashes.length > 0) return approveHashes(options);
  const { today } = options.policy;
  const open = proposed(options).filter((permission) => !hasExpired(permission, today));
  if (open.length === 0) {
    await (json
      ? report([], options)
      : write('this project proposes no exception that you have not approved\n'));
    return 0;
  }
  if (!json)
    for (const permission of open)
      await write(`${permissionText(permission, permissionHash(permission))}\n`);
  if (!options.isSure && !(await isWanted(open))) {
    tell('nothing was approved');
    return 1;
  }
  return approve(open.map(approvalOf), options);
}

function proposed({ policy, gitDependencies }: ApproveOptions): readonly Permission[] {
  return [...(policy.proposals ?? []), ...gitDependencies];
}

async function approveHashes(options: ApproveOptions): Promise<0> {
  const { hashes, json } = options;
  const wrong = hashes.find((hash) => !isExceptionHash(hash));
  if (wrong !== undefined) {
    const problem = `${printable(wrong)} is not the hash of an exception: 64 lower-case hex digits, as a refusal and \`tarwarden allow --list\` show them`;
    throw new UsageError(problem, 'allow');
  }
  const known = new Map(proposed(options).map((found) => [permissionHash(found), found]));
  const all = [...new Set(hashes)];
  for (const hash of json ? [] : all) {
    const permission = known.get(hash);
    const unseen = options.approvals.has(hash)
      ? 'approved before'
      : 'the policy file of this project does not propose it; approved for every project that does';
    await write(
      `${permission === undefined ? `${hash}: ${unseen}` : permissionText(permission, hash)}\n`,
    );
  }
  const approvals = all.map((hash): Approval => {
    const permission = known.get(hash);
    return permission === undefined ? { kind: 'user', hash } : approvalOf(permission);
  });
  return approve(approvals, options);
}

async function approve(approvals: readonly Approval[], options: ApproveOptions): Promise<0> {
  options.approvals.add(approvals);
  await report(approvals, options);
  return 0;
}

async function report(
  approvals: readonly Approval[],
  { approvals: { path }, json }: ApproveOptions,
): Promise<void> {
  if (json) {
    const written = approvals.length > 0;
    const approved = approvals.map(approvalFields);
    await write(`${escapedJson({ schema: SCHEMA, path, written, approved })}\n`);
    return;
  }
  await write(`${plural(approvals.length, 'approval')} written to ${printablePath(path)}\n`);
}

/** @throws UsageError if there is no terminal for the question. */
async function isWanted(open: readonly Permission[]): Promise<boolean> {
  if (!canAsk())
    throw new UsageError(
      'nobody can be asked here: add --yes, or name the hashes of the exceptions that you approve. In CI, name hashes: with --yes, a pull request approves its own exceptions',
      'allow',
    );
  const exceptions = open.length === 1 ? 'this exception' : `these ${open.length} exceptions`;
  const effect = open.every(isException)
    ? 'The archive is then installed in every clone, on this machine.'
    : 'Archives are then installed, and audits accept git dependencies, in every clone on this machine.';
  return isAnsweredYes(`Approve ${exceptions}? ${effect}`);
}
