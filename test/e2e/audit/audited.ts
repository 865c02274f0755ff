/** What the tests of `tarwarden audit` share: the built command in a sandbox, and what it says. */
import { execute, type Result } from '../../support/execute.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { program } from '../cli/sandbox.ts';

export interface AuditedPackage {
  package: { name: string; version: string } | null;
  places: { lockfile: string; line: number }[];
  status: string;
  from: string | null;
  findings: { rule: string }[];
  checks: { id: string; level: string; message: string }[];
  file?: string;
  error?: { code: string; message: string };
}

export async function audit(sandbox: Sandbox, ...args: string[]): Promise<Result> {
  const { project: cwd, env } = sandbox;
  return execute(process.execPath, [program, 'audit', ...args], { cwd, env });
}

export interface Audited {
  readonly code: number | null;
  readonly packages: AuditedPackage[];
  readonly stderr: string;
  /** `name@version status from`, of what has one of the statuses. */
  readonly with: (...statuses: string[]) => string[];
}

export async function audited(sandbox: Sandbox, ...args: string[]): Promise<Audited> {
  return read(await audit(sandbox, '--reporter', 'ndjson', ...args));
}

function read({ code, stdout, stderr }: Result): Audited {
  const packages = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditedPackage);
  return {
    code,
    packages,
    stderr,
    with: (...statuses) =>
      packages
        .filter(({ status }) => statuses.includes(status))
        .map((one) => `${one.package?.name ?? '-'}@${one.package?.version ?? ''}`),
  };
}

/** How many packages came from where. */
export function origins(packages: readonly AuditedPackage[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { from } of packages) if (from !== null) counts[from] = (counts[from] ?? 0) + 1;
  return counts;
}
