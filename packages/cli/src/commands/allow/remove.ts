import type { Exception } from '@tarwarden/core';
import {
  exceptionHash,
  hasExpired,
  isExceptionHash,
  isSamePackage,
  readPackageRequest,
  type Approval,
  type NamedVersion,
} from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { tell, write, UsageError } from '@tarwarden/host/command-line';
import type { ApprovalsDocument } from './approvals.ts';
import type { PolicyDocument } from './policy-document.ts';

interface RemoveOptions {
  readonly own: PolicyDocument;
  readonly project: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  /** Packages as `left-pad@1.3.0`, and hashes of exceptions. */
  readonly operands: readonly string[];
  /** Whether exceptions are removed from the policy of the project as well. */
  readonly inProject: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

/**
 * `tarwarden allow --remove`: removes exceptions from the user's own policy file, and the user's approvals. An exception of the project
 * counts for nobody here then, and stays in its file unless that is asked for.
 */
export async function removeExceptions(options: RemoveOptions): Promise<0 | 1> {
  const { own, project, approvals, operands, inProject, dryRun, json } = options;
  const isNamed = namedBy(operands);
  const isTakenBack = ({ hash, exception }: Approval): boolean =>
    operands.includes(hash) || (exception !== undefined && isNamed(exception));
  const files = [own, ...(inProject ? [project] : [])].map((document) => ({
    document,
    removed: document.exceptions.filter(isNamed),
  }));
  const takenBack = approvals.approvals.filter(isTakenBack);
  // Remove the approvals first: without them no exception of a project counts, even if the next step fails.
  if (!dryRun) approvals.remove(isTakenBack);
  for (const { document, removed } of files)
    if (!dryRun && removed.length > 0) document.write(document.without(isNamed));
  const removed = files.flatMap((file) => file.removed);
  const counts = [
    ...files.map(({ document: { path }, removed: { length } }) => ({
      path,
      text: plural(length, 'exception'),
      length,
    })),
    {
      path: approvals.path,
      text: plural(takenBack.length, 'approval'),
      length: takenBack.length,
    },
  ];
  const did = dryRun ? 'would be removed from' : 'removed from';
  if (json) await write(`${escapedJson({ schema: SCHEMA, written: !dryRun, removed })}\n`);
  else
    for (const { path, text, length } of counts)
      if (length > 0) await write(`${text} ${did} ${printablePath(path)}\n`);
  const left = inProject ? [] : project.exceptions.filter(isNamed);
  if (left.length > 0)
    tell(
      `note: ${printablePath(project.path)} still proposes ${plural(left.length, 'exception')} for it. To remove that from the file as well, add --project`,
    );
  if (removed.length + takenBack.length > 0) return 0;
  tell('nothing was removed: no exception of yours and no approval has that name');
  return 1;
}

/** @throws UsageError for an operand that is neither a package nor the hash of an exception. */
function namedBy(operands: readonly string[]): (exception: Exception) => boolean {
  if (operands.length === 0)
    throw new UsageError(
      'say what to remove: a package as left-pad@1.3.0, or a hash of `tarwarden allow --list`',
      'allow',
    );
  const hashes = operands.filter(isExceptionHash);
  const packages = operands.flatMap((operand) => {
    if (isExceptionHash(operand)) return [];
    const request = readPackageRequest(operand);
    if (request !== undefined && !('problem' in request)) return [request];
    const problem =
      request?.problem ??
      `${printable(operand)} is neither a package as left-pad@1.3.0 nor the hash of an exception, as \`tarwarden allow --list\` shows it`;
    throw new UsageError(problem, 'allow');
  });
  return (exception) =>
    hashes.includes(exceptionHash(exception)) ||
    packages.some((request) => isOfRequest(exception, request));
}

/** An exception for a gem has its version without the platform. */
function isOfRequest(exception: Exception, { ecosystem, name, version }: NamedVersion): boolean {
  const plain = ecosystem === 'rubygems' ? version.split('-', 1)[0]! : version;
  return isSamePackage(exception.package, `${name}@${plain}`, ecosystem);
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
