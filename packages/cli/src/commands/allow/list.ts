import type { Exception } from '@tarwarden/core';
import { exceptionHash, hasExpired } from '@tarwarden/core/policy';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { write } from '@tarwarden/host/command-line';
import type { ApprovalsDocument } from './approvals.ts';
import type { PolicyDocument } from './policy-document.ts';

/** Characters of a reason that are shown. */
const REASON_CHARS = 4096;
const SCHEMA = 1;

interface ListedException {
  readonly path: string;
  readonly line: number;
  /** `proposed`: an exception of the project that this user has not approved, so it does not count. */
  readonly status: 'holds' | 'expired' | 'proposed';
  readonly hash: string;
  readonly exception: Exception;
}

interface ListOptions {
  readonly own: PolicyDocument;
  readonly project: PolicyDocument;
  readonly approvals: ApprovalsDocument;
  readonly today: string;
  readonly json: boolean;
}

/** `tarwarden allow --list`: every exception of the files with its file, and the approvals of this user. */
export async function listExceptions(options: ListOptions): Promise<0> {
  const { own, project, approvals, today, json } = options;
  const listIn = (document: PolicyDocument): ListedException[] =>
    document.exceptions.map((exception, index) => {
      const hash = exceptionHash(exception);
      const counts = document === own || approvals.has(hash);
      const status = hasExpired(exception, today) ? 'expired' : counts ? 'holds' : 'proposed';
      return { path: document.path, line: document.placeOf(index).line, status, hash, exception };
    });
  const listed = [...listIn(own), ...listIn(project)];
  const inProject = new Set(project.exceptions.map(exceptionHash));
  if (json) {
    const approved = approvals.approvals.map(({ kind, hash, exception = null }) => {
      return { kind, hash, isOfProject: inProject.has(hash), exception };
    });
    await write(`${escapedJson({ schema: SCHEMA, exceptions: listed, approvals: approved })}\n`);
    return 0;
  }
  if (listed.length === 0) await write('no exceptions\n');
  for (const exception of listed) await write(`${listedText(exception)}\n`);
  const others = approvals.approvals.filter(({ hash }) => !inProject.has(hash));
  if (others.length > 0)
    await write(
      `${plural(others.length, 'approval')} for exceptions of other projects, in ${printablePath(approvals.path)}\n`,
    );
  for (const { hash, exception } of others)
    await write(`${exception === undefined ? `  hash ${hash}` : exceptionText(exception, hash)}\n`);
  return 0;
}

/** The three lines that show an exception. */
export function exceptionText(exception: Exception, hash: string, until?: string): string {
  const { rule, entry, expires, reason } = exception;
  const where = entry === undefined ? '' : ` in ${printable(entry)}`;
  return [
    `${printable(exception.package)}  ${rule}${where}  ${until ?? `until ${expires}`}`,
    `  ${printable(reason, REASON_CHARS)}`,
    `  hash ${hash}`,
  ].join('\n');
}

function listedText({ path, line, status, hash, exception }: ListedException): string {
  const { expires } = exception;
  const until = {
    holds: `until ${expires}`,
    expired: `EXPIRED on ${expires}`,
    proposed: `NOT APPROVED, until ${expires}`,
  }[status];
  return `${exceptionText(exception, hash, until)}\n  ${printablePath(path)}:${line}`;
}
