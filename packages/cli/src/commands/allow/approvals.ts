/* The approvals of this user: what the policy of a repository proposes counts on this machine from then on, or no more. */
import type { Policy } from '@tarwarden/core';
import {
  approvalsText,
  hasExpired,
  isException,
  isExceptionHash,
  isSamePackage,
  permissionHash,
  readPackageRequest,
  type Approval,
  type GitDependency,
  type Permission,
} from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import {
  approvalsPath,
  readApprovals,
  refusePlantedApprovals,
  type ApprovalsOptions,
  makeFolderOf,
  replaceFile,
} from '@tarwarden/host';
import { tell, write, UsageError } from '@tarwarden/host/command-line';
import { canAsk, isAnsweredYes } from '../../ask.ts';
import { ALLOW_SCHEMA } from './definition.ts';
import { approvalFields, permissionText } from './list.ts';
import type { PolicyDocument } from './policy-document.ts';

/** The user's file of approvals. It may not exist yet. */
export class ApprovalsDocument {
  readonly path: string;
  readonly approvals: readonly Approval[];
  readonly #user: ApprovalsOptions;

  /** @throws TarwardenError if the file exists and does not count. */
  constructor(env: NodeJS.ProcessEnv, cwd: string) {
    this.path = approvalsPath(env);
    this.approvals = readApprovals({ env, cwd });
    this.#user = { env, cwd };
  }

  has(hash: string): boolean {
    return this.approvals.some((approval) => approval.kind === 'user' && approval.hash === hash);
  }

  write(approvals: readonly Approval[]): void {
    if (approvals.length === this.approvals.length) return;
    makeFolderOf(this.path, 0o700);
    // Do not write a file where it would not count.
    refusePlantedApprovals(this.#user);
    replaceFile(this.path, approvalsText(approvals), { permissions: 0o600 });
  }
}

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

export async function approveExceptions(options: ApproveOptions): Promise<0 | 1> {
  const { policy, gitDependencies, approvals, hashes, isSure, json } = options;
  const proposed = [...(policy.proposals ?? []), ...gitDependencies];
  const wanted =
    hashes.length > 0
      ? namedApprovals(hashes, proposed)
      : proposed
          .filter((permission) => !hasExpired(permission, policy.today))
          .map((permission) => approvalOf(permission));
  if (!json) for (const approval of wanted) await write(`${approvalText(approval, approvals)}\n`);
  if (wanted.length === 0 && !json) {
    await write('this project proposes no exception that you have not approved\n');
    return 0;
  }
  if (wanted.length > 0 && hashes.length === 0 && !isSure && !(await isWanted(wanted))) {
    tell('nothing was approved');
    return 1;
  }
  const missing = wanted.filter(({ hash }) => !approvals.has(hash));
  approvals.write([...approvals.approvals, ...missing]);
  const { path } = approvals;
  const document = { schema: ALLOW_SCHEMA, path, written: wanted.length > 0 };
  await write(
    json
      ? `${escapedJson({ ...document, approved: wanted.map(approvalFields) })}\n`
      : `${plural(wanted.length, 'approval')} written to ${printablePath(path)}\n`,
  );
  return 0;
}

/** The approvals of hashes, also of those that nothing here proposes. @throws UsageError for another text. */
function namedApprovals(hashes: readonly string[], proposed: readonly Permission[]): Approval[] {
  const wrong = hashes.find((hash) => !isExceptionHash(hash));
  if (wrong !== undefined)
    throw new UsageError(
      `${printable(wrong)} is not the hash of an exception: 64 lower-case hex digits, as a refusal and \`tarwarden allow --list\` show them`,
      'allow',
    );
  const byHash = new Map(proposed.map((permission) => [permissionHash(permission), permission]));
  return [...new Set(hashes)].map((hash) => {
    const permission = byHash.get(hash);
    return permission === undefined ? { kind: 'user', hash } : approvalOf(permission);
  });
}

function approvalOf(permission: Permission): Approval {
  const fields = isException(permission)
    ? { exception: permission }
    : { gitDependency: permission };
  return { kind: 'user', hash: permissionHash(permission), ...fields };
}

function approvalText(
  { hash, exception, gitDependency }: Approval,
  approvals: ApprovalsDocument,
): string {
  const permission = exception ?? gitDependency;
  if (permission !== undefined) return permissionText(permission, hash);
  return approvals.has(hash)
    ? `${hash}: approved before`
    : `${hash}: the policy file of this project does not propose it; approved for every project that does`;
}

/** @throws UsageError if there is no terminal for the question. */
async function isWanted(open: readonly Approval[]): Promise<boolean> {
  if (!canAsk())
    throw new UsageError(
      'nobody can be asked here: add --yes, or name the hashes of the exceptions that you approve. In CI, name hashes: with --yes, a pull request approves its own exceptions',
      'allow',
    );
  const exceptions = open.length === 1 ? 'this exception' : `these ${open.length} exceptions`;
  const effect = open.every(({ exception }) => exception !== undefined)
    ? 'The archive is then installed in every clone, on this machine.'
    : 'Archives are then installed, and audits accept git dependencies, in every clone on this machine.';
  return isAnsweredYes(`Approve ${exceptions}? ${effect}`);
}

interface RemoveOptions {
  readonly own: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  /** Packages as `left-pad@1.3.0`, and hashes of exceptions. */
  readonly operands: readonly string[];
  readonly json: boolean;
}

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
  approvals.write(approvals.approvals.filter((approval) => !isTakenBack(approval)));
  if (removed.length > 0) own.write(own.without(isNamed));
  const written = removed.length + takenBack.length > 0;
  if (json) {
    const document = {
      schema: ALLOW_SCHEMA,
      written,
      removed: removed.filter(isException),
      gitDependencies: removed.filter((permission) => !isException(permission)),
      approvals: takenBack.map(approvalFields),
    };
    await write(`${escapedJson(document)}\n`);
  } else
    for (const [{ length }, noun, path] of [
      [removed, 'exception', own.path],
      [takenBack, 'approval', approvals.path],
    ] as const)
      if (length > 0) await write(`${plural(length, noun)} removed from ${printablePath(path)}\n`);
  if (written) return 0;
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
    operands.includes(permissionHash(permission)) ||
    (isException(permission) &&
      packages.some(({ ecosystem, name, version }) => {
        // An exception for a gem has its version without the platform.
        const plain = ecosystem === 'rubygems' ? version.split('-', 1)[0]! : version;
        return isSamePackage(permission.package, `${name}@${plain}`, ecosystem);
      }));
}
