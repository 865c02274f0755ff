import type { Exception } from '@tarwarden/core';
import {
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
import { approvalFields } from './list.ts';
import type { PolicyDocument } from './policy-document.ts';

interface RemoveOptions {
  readonly own: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  /** Packages as `left-pad@1.3.0`, and hashes of exceptions. */
  readonly operands: readonly string[];
  readonly json: boolean;
}

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

/**
 * `tarwarden allow --remove`: removes exceptions from the user's own policy file, and the user's approvals. An exception of the project
 * stays in its file, and counts for nobody here.
 */
export async function removeExceptions(options: RemoveOptions): Promise<0 | 1> {
  const { own, approvals, operands, json } = options;
  const isNamed = namedBy(operands);
  const isTakenBack = ({ hash, exception }: Approval): boolean =>
    operands.includes(hash) || (exception !== undefined && isNamed(exception));
  const removed = own.permissions.filter(isNamed);
  const takenBack = approvals.approvals.filter(isTakenBack);
  // Remove the approvals first: without them no exception of a project counts, even if the next step fails.
  approvals.remove(isTakenBack);
  if (removed.length > 0) own.write(own.without(isNamed));
  if (json) await write(documentText(removed, takenBack));
  else {
    if (removed.length > 0)
      await write(
        `${plural(removed.length, 'exception')} removed from ${printablePath(own.path)}\n`,
      );
    if (takenBack.length > 0)
      await write(
        `${plural(takenBack.length, 'approval')} removed from ${printablePath(approvals.path)}\n`,
      );
  }
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

function documentText(removed: readonly Permission[], takenBack: readonly Approval[]): string {
  const document = {
    schema: SCHEMA,
    written: removed.length + takenBack.length > 0,
    removed: removed.filter(isException),
    gitDependencies: removed.filter((permission) => !isException(permission)),
    approvals: takenBack.map(approvalFields),
  };
  return `${escapedJson(document)}\n`;
}
