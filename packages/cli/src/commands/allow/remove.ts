import type { Exception } from '@tarwarden/core';
import { exceptionHash, hasExpired, isExceptionHash, type Approval } from '@tarwarden/core/policy';
import { plural, printable, printablePath } from '@tarwarden/core/text';
import { tell, write, UsageError } from '@tarwarden/host/command-line';
import type { ApprovalsDocument } from './approvals.ts';
import type { PolicyDocument } from './policy-document.ts';

interface RemoveOptions {
  /** The policy file from which exceptions are removed. */
  readonly document: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  readonly hashes: readonly string[];
  /** `name@version`: all exceptions and approvals of this package are removed. */
  readonly package: string | undefined;
  readonly dryRun: boolean;
}

/** `tarwarden allow --remove`: removes exceptions from a policy file, and approvals of the user. */
export async function removeExceptions(options: RemoveOptions): Promise<0 | 1> {
  const { document, approvals, hashes, dryRun } = options;
  const wrong = hashes.find((hash) => !isExceptionHash(hash));
  if (wrong !== undefined)
    throw new UsageError(
      `${printable(wrong)} is not the hash of an exception, as \`tarwarden allow --list\` shows it`,
      'allow',
    );
  if (hashes.length === 0 && options.package === undefined)
    throw new UsageError(
      'say what to remove: a hash of `tarwarden allow --list`, or --package',
      'allow',
    );
  const isNamed = (exception: Exception): boolean =>
    hashes.includes(exceptionHash(exception)) || exception.package === options.package;
  const isTakenBack = ({ hash, exception }: Approval): boolean =>
    hashes.includes(hash) || (exception !== undefined && isNamed(exception));
  const removed = document.exceptions.filter(isNamed);
  const takenBack = approvals.approvals.filter(isTakenBack);
  if (removed.length + takenBack.length === 0) {
    tell(`no exception of ${printablePath(document.path)} and no approval is of that name`);
    return 1;
  }
  // Remove the approvals first: without them no exception of a project counts, even if the next step fails.
  if (!dryRun) approvals.remove(isTakenBack);
  if (!dryRun && removed.length > 0) document.write(document.without(isNamed));
  const did = dryRun ? 'would be removed from' : 'removed from';
  if (removed.length > 0)
    await write(`${plural(removed.length, 'exception')} ${did} ${printablePath(document.path)}\n`);
  if (takenBack.length > 0)
    await write(
      `${plural(takenBack.length, 'approval')} ${did} ${printablePath(approvals.path)}\n`,
    );
  return 0;
}

interface PruneOptions {
  readonly approvals: ApprovalsDocument;
  readonly today: string;
  readonly dryRun: boolean;
}

/** `tarwarden allow --prune`: removes the exceptions and approvals that have expired. */
export async function pruneExceptions(
  document: PolicyDocument,
  { approvals, today, dryRun }: PruneOptions,
): Promise<0> {
  const expired = document.exceptions.filter((exception) => hasExpired(exception, today));
  const isPast = ({ exception }: Approval): boolean =>
    exception !== undefined && hasExpired(exception, today);
  const ended = approvals.approvals.filter(isPast);
  if (expired.length > 0) {
    const text = document.without((exception) => hasExpired(exception, today));
    if (!dryRun) document.write(text);
  }
  if (!dryRun) approvals.remove(isPast);
  for (const exception of expired)
    await write(
      `${printable(exception.package)}  ${exception.rule}  expired on ${exception.expires}\n`,
    );
  const what = expired.length === 0 ? 'no exception' : plural(expired.length, 'exception');
  const did = dryRun ? 'would be removed from' : 'removed from';
  await write(`${what} ${did} ${printablePath(document.path)}\n`);
  if (ended.length > 0)
    await write(`${plural(ended.length, 'approval')} ${did} ${printablePath(approvals.path)}\n`);
  return 0;
}
