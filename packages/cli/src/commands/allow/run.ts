import { dayOf } from '@tarwarden/core/policy';
import { loadPolicy, projectPolicyTarget, userPolicyTarget } from '@tarwarden/host';
import { type Call, tell, UsageError } from '@tarwarden/host/command-line';
import type { ALLOW_OPTIONS } from './definition.ts';
import { addExceptions } from './add.ts';
import { ApprovalsDocument } from './approvals.ts';
import { approveExceptions } from './approve.ts';
import { listExceptions } from './list.ts';
import { PolicyDocument } from './policy-document.ts';
import { pruneExceptions, removeExceptions } from './remove.ts';

/** `tarwarden allow`: writes exceptions for what was found in archives, and lists, approves, removes and prunes exceptions. */
export async function allow(call: Call<typeof ALLOW_OPTIONS>): Promise<number> {
  const { values, operands } = call;
  const others = [values.approve, values.remove, values.list, values.prune].map(Boolean);
  const [approves, removes] = others;
  const takesOperands = approves === true || removes === true;
  const adds = [operands.length > 0 && !takesOperands, values.from !== undefined];
  if ([...adds, ...others].filter(Boolean).length !== 1)
    throw new UsageError(
      'name packages or archives, or --from, --approve, --remove, --list or --prune: one of them',
      'allow',
    );
  const cwd = process.cwd();
  const { policy, gitDependencies, warnings } = loadPolicy({ cwd, env: process.env });
  // The list shows these warnings, and pruning removes their causes.
  if (adds.includes(true)) for (const warning of warnings) tell(`warning: ${warning}`);
  const own = new PolicyDocument(userPolicyTarget(process.env), { env: process.env, cwd });
  const project = new PolicyDocument(projectPolicyTarget(cwd));
  const approvals = new ApprovalsDocument(process.env, cwd);
  const today = dayOf(Date.now());
  const json = values.reporter === 'json';
  const dryRun = values['dry-run'] === true;
  const inProject = values.project === true;
  if (values.list === true) return listExceptions({ own, project, approvals, today, json });
  if (approves === true) {
    const isSure = values.yes === true;
    return approveExceptions({
      policy,
      gitDependencies: gitDependencies.proposed,
      approvals,
      hashes: operands,
      isAhead: values.ahead === true,
      isSure,
      json,
      dryRun,
    });
  }
  if (removes === true)
    return removeExceptions({ own, project, approvals, operands, inProject, dryRun, json });
  const target = inProject ? project : own;
  if (values.prune === true) return pruneExceptions(target, { approvals, today, dryRun, json });
  return addExceptions(call, { target, policy, ...(inProject && { approvals }) });
}
