import { hasExpired, isException, permissionHash, type Permission } from '@tarwarden/core/policy';
import { escapedJson, plural, printablePath } from '@tarwarden/core/text';
import { machinePolicyPath, projectPolicyTarget } from '@tarwarden/guard';
import { write } from '@tarwarden/guard/command-line';
import { approvalFields, permissionText, type AllowContext } from './approvals.ts';
import { ALLOW_SCHEMA } from './definition.ts';
import { PolicyDocument } from './policy-document.ts';

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

/** `tarwarden allow --list`: every exception and every accepted git dependency with its file, and the approvals of this user. */
export async function listExceptions(context: AllowContext): Promise<0> {
  const { loaded, own: ownDocument, approvals, json } = context;
  const machine = new PolicyDocument({ path: machinePolicyPath(), under: [] });
  const project = new PolicyDocument(projectPolicyTarget(process.cwd()));
  const statusOf = (
    permission: Permission,
    document: PolicyDocument,
    hash: string,
  ): Listed['status'] => {
    if (hasExpired(permission, loaded.policy.today)) return 'expired';
    const isForbidden = isException(permission) && loaded.withoutExceptions.has(permission.rule);
    if (document !== machine && isForbidden) return 'forbidden';
    return document === project && !approvals.has(hash) ? 'proposed' : 'holds';
  };
  const listedPermissions = [machine, ownDocument, project].flatMap((document) =>
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
      exceptions: listedPermissions.flatMap(({ permission, ...fields }) =>
        isException(permission) ? { ...fields, exception: permission } : [],
      ),
      gitDependencies: listedPermissions.flatMap(({ permission, ...fields }) =>
        isException(permission) ? [] : { ...fields, gitDependency: permission },
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
  if (!listedPermissions.some(({ permission }) => isException(permission)))
    await write('no exceptions\n');
  for (const permission of listedPermissions) await write(`${listedText(permission)}\n`);
  const otherApprovals = approvals.approvals.filter(({ hash }) => !inProject.has(hash));
  if (otherApprovals.length > 0)
    await write(
      `${plural(otherApprovals.length, 'approval')} for other projects, in ${printablePath(approvals.path)}\n`,
    );
  for (const { hash, exception, gitDependency } of otherApprovals) {
    const permission = exception ?? gitDependency;
    await write(
      `${permission === undefined ? `  hash ${hash}` : permissionText(permission, hash)}\n`,
    );
  }
  return 0;
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
