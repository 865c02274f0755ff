import type { Exception } from '@tarwarden/core';
import { exceptionHash, isExceptionHash, type Approval } from '@tarwarden/core/policy';
import { plural, printable, printablePath } from '@tarwarden/core/text';
import { tell, UsageError, write } from '@tarwarden/host/command-line';
import type { ApprovalsDocument } from './approvals.ts';
import type { PolicyDocument } from './policy-document.ts';

interface RemoveOptions {
  /** The policy file that exceptions are taken out of. */
  readonly document: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  readonly hashes: readonly string[];
  /** `name@version`: all exceptions and approvals for it. */
  readonly package: string | undefined;
  readonly dryRun: boolean;
}

/** `tarwarden allow --remove`: takes exceptions out of a policy file, and takes approvals back. */
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
