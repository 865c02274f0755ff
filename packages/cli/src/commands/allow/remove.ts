import type { Exception } from '@tarwarden/core';
import {
  hasExpired,
  isException,
  isExceptionHash,
  isSamePackage,
  permissionHash,
  readPackageRequest,
  type Approval,
  type NamedVersion,
  type Permission,
} from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { tell, write, UsageError } from '@tarwarden/host/command-line';
import type { ApprovalsDocument } from './approvals.ts';
import { approvalFields, permissionName } from './list.ts';
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
    removed: document.permissions.filter(isNamed),
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
  if (json) await write(documentText({ removed, takenBack, dryRun }));
  else
    for (const { path, text, length } of counts)
      if (length > 0) await write(`${text} ${did} ${printablePath(path)}\n`);
  const left = inProject ? [] : project.permissions.filter(isNamed);
  if (left.length > 0)
    tell(
      `note: ${printablePath(project.path)} still proposes ${plural(left.length, 'exception')} for it. To remove that from the file as well, add --project`,
    );
  if (removed.length + takenBack.length > 0) return 0;
  tell('nothing was removed: no exception of yours and no approval has that name');
  return 1;
}

/** @throws UsageError for an operand that is neither a package nor the hash of an exception. */
function namedBy(operands: readonly string[]): (permission: Permission) => boolean {
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
  return (permission) =>
    hashes.includes(permissionHash(permission)) ||
    (isException(permission) && packages.some((request) => isOfRequest(permission, request)));
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
  readonly json: boolean;
}

/** `tarwarden allow --prune`: removes the exceptions, accepted git dependencies and approvals that have expired. */
export async function pruneExceptions(
  document: PolicyDocument,
  { approvals, today, dryRun, json }: PruneOptions,
): Promise<0> {
  const isPast = (permission: Permission): boolean => hasExpired(permission, today);
  const hasEnded = ({ exception, gitDependency }: Approval): boolean => {
    const permission = exception ?? gitDependency;
    return permission !== undefined && isPast(permission);
  };
  const removed = document.permissions.filter(isPast);
  const takenBack = approvals.approvals.filter(hasEnded);
  if (removed.length > 0 && !dryRun) document.write(document.without(isPast));
  if (!dryRun) approvals.remove(hasEnded);
  if (json) {
    await write(documentText({ removed, takenBack, dryRun }));
    return 0;
  }
  for (const permission of removed)
    await write(`${permissionName(permission)}  expired on ${permission.expires}\n`);
  const did = dryRun ? 'would be removed from' : 'removed from';
  const count = removed.length === 0 ? 'no exception' : plural(removed.length, 'exception');
  await write(`${count} ${did} ${printablePath(document.path)}\n`);
  if (takenBack.length > 0)
    await write(
      `${plural(takenBack.length, 'approval')} ${did} ${printablePath(approvals.path)}\n`,
    );
  return 0;
}

interface Removal {
  readonly removed: readonly Permission[];
  readonly takenBack: readonly Approval[];
  readonly dryRun: boolean;
}

function documentText({ removed, takenBack, dryRun }: Removal): string {
  const document = {
    schema: SCHEMA,
    written: !dryRun && removed.length + takenBack.length > 0,
    removed: removed.filter(isException),
    gitDependencies: removed.filter((permission) => !isException(permission)),
    approvals: takenBack.map(approvalFields),
  };
  return `${escapedJson(document)}\n`;
}
