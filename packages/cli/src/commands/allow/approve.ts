/* `tarwarden allow --approve`: the exceptions that the repository proposes count on this machine from then on. */
import type { Exception, Policy } from '@tarwarden/core';
import { exceptionHash, hasExpired, isExceptionHash, type Approval } from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { tell, write, UsageError } from '@tarwarden/host/command-line';
import { approvalOf, type ApprovalsDocument } from './approvals.ts';
import { exceptionText } from './list.ts';
import { canAsk, isAnsweredYes } from '../../ask.ts';

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

export interface ApproveOptions {
  readonly policy: Policy;
  readonly approvals: ApprovalsDocument;
  /** Hashes of exceptions. If it is empty, the command asks, and approves all exceptions that the project proposes. */
  readonly hashes: readonly string[];
  /** Whether the question has been answered already. */
  readonly isSure: boolean;
  readonly json: boolean;
  readonly dryRun: boolean;
}

export async function approveExceptions(options: ApproveOptions): Promise<0 | 1 | 2> {
  const { hashes, policy, json } = options;
  if (hashes.length > 0) return approveHashes(options);
  const open = (policy.proposals ?? []).filter((proposal) => !hasExpired(proposal, policy.today));
  if (open.length === 0) {
    await (json
      ? report([], options)
      : write('this project proposes no exception that you have not approved\n'));
    return 0;
  }
  if (!json)
    for (const exception of open)
      await write(`${exceptionText(exception, exceptionHash(exception))}\n`);
  if (!options.isSure && !options.dryRun && !(await isWanted(open.length))) {
    tell('nothing was approved');
    return 1;
  }
  return approve(open.map(approvalOf), options);
}

async function approveHashes(options: ApproveOptions): Promise<0> {
  const { hashes, policy, json } = options;
  const wrong = hashes.find((hash) => !isExceptionHash(hash));
  if (wrong !== undefined) {
    const problem = `${printable(wrong)} is not the hash of an exception: 64 lower-case hex digits, as a refusal and \`tarwarden allow --list\` show them`;
    throw new UsageError(problem, 'allow');
  }
  const known = new Map<string, Exception>();
  for (const proposal of policy.proposals ?? []) known.set(exceptionHash(proposal), proposal);
  const approvals = [...new Set(hashes)].map((hash): Approval => {
    const exception = known.get(hash);
    return exception === undefined ? { kind: 'user', hash } : approvalOf(exception);
  });
  for (const { hash, exception } of approvals) {
    if (json) continue;
    if (exception !== undefined) await write(`${exceptionText(exception, hash)}\n`);
    else if (options.approvals.has(hash)) await write(`${hash}: approved before\n`);
    else
      await write(
        `${hash}: no exception of this project that waits for approval has this hash. It counts for a git dependency that has it\n`,
      );
  }
  return approve(approvals, options);
}

async function approve(approvals: readonly Approval[], options: ApproveOptions): Promise<0> {
  if (!options.dryRun) options.approvals.add(approvals);
  await report(approvals, options);
  return 0;
}

async function report(
  approvals: readonly Approval[],
  { approvals: { path }, json, dryRun }: ApproveOptions,
): Promise<void> {
  if (json) {
    const written = !dryRun && approvals.length > 0;
    const approved = approvals.map(({ hash, exception = null }) => ({ hash, exception }));
    await write(`${escapedJson({ schema: SCHEMA, path, written, approved })}\n`);
    return;
  }
  const verb = dryRun ? 'would be written to' : 'written to';
  await write(`${plural(approvals.length, 'approval')} ${verb} ${printablePath(path)}\n`);
}

/** @throws UsageError if there is no terminal for the question. */
async function isWanted(count: number): Promise<boolean> {
  if (!canAsk())
    throw new UsageError(
      'nobody can be asked here: add --yes, or name the hashes of the exceptions that you approve. In CI, name hashes: with --yes, a pull request approves its own exceptions',
      'allow',
    );
  const exceptions = count === 1 ? 'this exception' : `these ${count} exceptions`;
  return isAnsweredYes(
    `Approve ${exceptions}? The archive is then installed in every clone, on this machine.`,
  );
}
