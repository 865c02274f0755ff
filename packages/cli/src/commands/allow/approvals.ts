/* The approvals of this user: what the policy of a repository proposes counts on this machine from then on, or no more. */
import {
  approvalsText,
  hasExpired,
  isException,
  isExceptionHash,
  isSamePackage,
  permissionHash,
  readPackageRequest,
  type Approval,
  type Permission,
} from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath, redactUrl } from '@tarwarden/core/text';
import {
  approvalsPath,
  readApprovals,
  refusePlantedApprovals,
  type ApprovalsOptions,
  type loadPolicy,
  makeFolderOf,
  replaceFile,
} from '@tarwarden/guard';
import { tell, write, UsageError } from '@tarwarden/guard/command-line';
import { canAsk, isAnsweredYes } from '../../ask.ts';
import { ALLOW_SCHEMA } from './definition.ts';
import type { PolicyDocument } from './policy-document.ts';

/** Characters of a reason or an address that are shown. */
const TEXT_CHARS = 4096;

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

/** The permissions of this user, and the command line, for the forms of the command that inspect nothing. */
export interface AllowContext {
  readonly loaded: ReturnType<typeof loadPolicy>;
  readonly own: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  /** Hashes of exceptions, and with --remove also packages as `left-pad@1.3.0`. */
  readonly operands: readonly string[];
  /** Whether the question has been answered already. */
  readonly isSure: boolean;
  readonly json: boolean;
}

/** `tarwarden allow --approve`: approves the named hashes. Without one, it asks, and approves all that the project proposes. */
export async function approveExceptions(context: AllowContext): Promise<0 | 1> {
  const { approvals, operands: hashes, isSure, json } = context;
  const { policy, gitDependencies } = context.loaded;
  const proposed = [...(policy.proposals ?? []), ...gitDependencies.proposed];
  const chosen =
    hashes.length > 0
      ? namedApprovals(hashes, proposed)
      : proposed
          .filter((permission) => !hasExpired(permission, policy.today))
          .map((permission) => approvalOf(permission));
  if (!json) for (const approval of chosen) await write(`${approvalText(approval, approvals)}\n`);
  if (chosen.length === 0 && !json) {
    await write('this project proposes no exception that you have not approved\n');
    return 0;
  }
  if (chosen.length > 0 && hashes.length === 0 && !isSure && !(await isWanted(chosen))) {
    tell('nothing was approved');
    return 1;
  }
  const missing = chosen.filter(({ hash }) => !approvals.has(hash));
  approvals.write([...approvals.approvals, ...missing]);
  const { path } = approvals;
  const document = { schema: ALLOW_SCHEMA, path, written: chosen.length > 0 };
  await write(
    json
      ? `${escapedJson({ ...document, approved: chosen.map(approvalFields) })}\n`
      : `${plural(chosen.length, 'approval')} written to ${printablePath(path)}\n`,
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

/**
 * `tarwarden allow --remove`: removes exceptions from the user's own policy file, and the user's approvals. An exception of the project
 * stays in its file, and counts for nobody here.
 */
export async function removeExceptions(context: AllowContext): Promise<0 | 1> {
  const { own: ownDocument, approvals, operands, json } = context;
  const isNamed = namedBy(operands);
  const isTakenBack = ({ hash, exception }: Approval): boolean =>
    operands.includes(hash) || (exception !== undefined && isNamed(exception));
  const removed = ownDocument.permissions.filter(isNamed);
  const takenBack = approvals.approvals.filter(isTakenBack);
  // Remove the approvals first: without them no exception of a project counts, even if the next step fails.
  approvals.write(approvals.approvals.filter((approval) => !isTakenBack(approval)));
  if (removed.length > 0) ownDocument.write(ownDocument.without(isNamed));
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
      [removed, 'exception', ownDocument.path],
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

export function approvalFields(approval: Approval): Readonly<Record<string, unknown>> {
  const { hash, exception = null, gitDependency = null } = approval;
  return { hash, exception, gitDependency };
}

/** The three lines that show an exception or an accepted git dependency. */
export function permissionText(permission: Permission, hash: string, until?: string): string {
  const { expires, reason } = permission;
  return [
    `${permissionName(permission)}  ${until ?? `until ${expires}`}`,
    `  ${printable(reason, TEXT_CHARS)}`,
    `  hash ${hash}`,
  ].join('\n');
}

/** The package, and what is let pass of it. */
function permissionName(permission: Permission): string {
  const name = printable(permission.package);
  if (!isException(permission))
    return `${name}  git dependency ${redactUrl(printable(permission.resolved, TEXT_CHARS))}`;
  const { rule, entry } = permission;
  return `${name}  ${rule}${entry === undefined ? '' : ` in ${printable(entry)}`}`;
}
