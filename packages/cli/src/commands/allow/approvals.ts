/* The approvals of this user, as the commands change them. */
import {
  approvalsText,
  isException,
  permissionHash,
  type Approval,
  type Permission,
} from '@tarwarden/core/policy';
import {
  approvalsPath,
  readApprovals,
  refusePlantedApprovals,
  type ApprovalsOptions,
  makeFolderOf,
  replaceFile,
} from '@tarwarden/host';

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

  /** Adds the approvals that are not there yet. */
  add(added: readonly Approval[]): void {
    const missing = added.filter(({ hash }) => !this.has(hash));
    if (missing.length > 0) this.#write([...this.approvals, ...missing]);
  }

  remove(isDropped: (approval: Approval) => boolean): void {
    const kept = this.approvals.filter((approval) => !isDropped(approval));
    if (kept.length < this.approvals.length) this.#write(kept);
  }

  #write(approvals: readonly Approval[]): void {
    makeFolderOf(this.path, 0o700);
    // Do not write a file where it would not count.
    refusePlantedApprovals(this.#user);
    replaceFile(this.path, approvalsText(approvals), { permissions: 0o600 });
  }
}

/** The approval of an exception or of a git dependency by this user. */
export function approvalOf(permission: Permission): Approval {
  const fields = isException(permission)
    ? { exception: permission }
    : { gitDependency: permission };
  return { kind: 'user', hash: permissionHash(permission), ...fields };
}
