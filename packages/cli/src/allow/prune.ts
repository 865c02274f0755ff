import { hasExpired, type Approval } from '@tarwarden/core/policy';
import { plural, printable, printablePath } from '@tarwarden/core/text';
import { write } from '@tarwarden/host/command-line';
import type { ApprovalsDocument } from './approvals.ts';
import type { PolicyDocument } from './policy-document.ts';

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
  const expired = document.exceptions.filter((one) => hasExpired(one, today));
  const isPast = ({ exception }: Approval): boolean =>
    exception !== undefined && hasExpired(exception, today);
  const ended = approvals.approvals.filter(isPast);
  if (expired.length > 0) {
    const text = document.without((one) => hasExpired(one, today));
    if (!dryRun) document.write(text);
  }
  if (!dryRun) approvals.remove(isPast);
  for (const one of expired)
    await write(`${printable(one.package)}  ${one.rule}  expired on ${one.expires}\n`);
  const what = expired.length === 0 ? 'no exception' : plural(expired.length, 'exception');
  const did = dryRun ? 'would be removed from' : 'removed from';
  await write(`${what} ${did} ${printablePath(document.path)}\n`);
  if (ended.length > 0)
    await write(`${plural(ended.length, 'approval')} ${did} ${printablePath(approvals.path)}\n`);
  return 0;
}
