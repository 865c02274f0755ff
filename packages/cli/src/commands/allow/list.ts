import {
  hasExpired,
  isException,
  permissionHash,
  type Approval,
  type Permission,
} from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath, redactUrl } from '@tarwarden/core/text';
import { write } from '@tarwarden/host/command-line';
import { ALLOW_SCHEMA } from './definition.ts';
import type { PolicyDocument } from './policy-document.ts';

/** Characters of a reason or an address that are shown. */
const TEXT_CHARS = 4096;

interface Listed {
  readonly path: string;
  readonly line: number;
  /**
   * `proposed`: it is of the project, and this user has not approved it, so it does not count. `forbidden`: the policy of the machine
   * lets no exception for its rule count.
   */
  readonly status: 'holds' | 'expired' | 'proposed' | 'forbidden';
  readonly hash: string;
  readonly permission: Permission;
}

interface ListOptions {
  readonly machine: PolicyDocument;
  readonly own: PolicyDocument;
  readonly project: PolicyDocument;
  readonly approvals: {
    readonly path: string;
    readonly approvals: readonly Approval[];
    has(hash: string): boolean;
  };
  /** The rules for which only exceptions of the machine count. */
  readonly withoutExceptions: ReadonlySet<string>;
  readonly today: string;
  readonly json: boolean;
}

/** `tarwarden allow --list`: every exception and every accepted git dependency with its file, and the approvals of this user. */
export async function listExceptions(options: ListOptions): Promise<0> {
  const { machine, own, project, withoutExceptions, approvals, today, json } = options;
  const all = [machine, own, project];
  const statusOf = (
    permission: Permission,
    document: PolicyDocument,
    hash: string,
  ): Listed['status'] => {
    if (hasExpired(permission, today)) return 'expired';
    const isForbidden = isException(permission) && withoutExceptions.has(permission.rule);
    if (document !== machine && isForbidden) return 'forbidden';
    return document === project && !approvals.has(hash) ? 'proposed' : 'holds';
  };
  const listed = all.flatMap((document) =>
    document.listed().map(({ permission, line }): Listed => {
      const hash = permissionHash(permission);
      const status = statusOf(permission, document, hash);
      return { path: document.path, line, status, hash, permission };
    }),
  );
  const inProject = new Set(project.permissions.map(permissionHash));
  if (json) {
    const document = {
      schema: ALLOW_SCHEMA,
      exceptions: listed.flatMap(({ permission, ...rest }) =>
        isException(permission) ? { ...rest, exception: permission } : [],
      ),
      gitDependencies: listed.flatMap(({ permission, ...rest }) =>
        isException(permission) ? [] : { ...rest, gitDependency: permission },
      ),
      approvals: approvals.approvals.map((approval) => {
        return {
          kind: approval.kind,
          isOfProject: inProject.has(approval.hash),
          ...approvalFields(approval),
        };
      }),
    };
    await write(`${escapedJson(document)}\n`);
    return 0;
  }
  if (!listed.some(({ permission }) => isException(permission))) await write('no exceptions\n');
  for (const permission of listed) await write(`${listedText(permission)}\n`);
  const others = approvals.approvals.filter(({ hash }) => !inProject.has(hash));
  if (others.length > 0)
    await write(
      `${plural(others.length, 'approval')} for other projects, in ${printablePath(approvals.path)}\n`,
    );
  for (const { hash, exception, gitDependency } of others) {
    const permission = exception ?? gitDependency;
    await write(
      `${permission === undefined ? `  hash ${hash}` : permissionText(permission, hash)}\n`,
    );
  }
  return 0;
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

function listedText({ path, line, status, hash, permission }: Listed): string {
  const { expires } = permission;
  const until = {
    holds: `until ${expires}`,
    expired: `EXPIRED on ${expires}`,
    proposed: `NOT APPROVED, until ${expires}`,
    forbidden: `DOES NOT COUNT by the policy of this machine, until ${expires}`,
  }[status];
  return `${permissionText(permission, hash, until)}\n  ${printablePath(path)}:${line}`;
}
