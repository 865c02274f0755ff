import { resolve } from 'node:path';
import { dayOf } from '@tarwarden/core/policy';
import {
  loadPolicy,
  machinePolicyPath,
  policyAlone,
  projectPolicyTarget,
  userPolicyPath,
} from '@tarwarden/host';
import { type Call, tell, UsageError } from '@tarwarden/host/command-line';
import type { definition } from './definition.ts';
import { addExceptions } from './add.ts';
import { ApprovalsDocument, approveExceptions, removeExceptions } from './approvals.ts';
import { listExceptions } from './list.ts';
import { PolicyDocument } from './policy-document.ts';

/** `tarwarden allow`: writes exceptions for what was found in archives, and lists, approves and removes exceptions. */
export async function allow(call: Call<typeof definition.options>): Promise<number> {
  const { values, operands } = call;
  const others = [values.approve, values.remove, values.list].filter(Boolean).length;
  const adds = others === 0 && operands.length > 0;
  if (!adds && (others !== 1 || (values.list === true && operands.length > 0)))
    throw new UsageError(
      'name packages or archives, or --approve, --remove or --list: one of them',
      'allow',
    );
  if (values.policy !== undefined) {
    if (!adds) throw new UsageError('--policy needs a package or an archive', 'allow');
    const path = resolve(values.policy);
    const policy = policyAlone(path);
    return addExceptions(call, { target: new PolicyDocument({ path, under: [] }), policy });
  }
  const cwd = process.cwd();
  const loaded = loadPolicy({ cwd, env: process.env });
  const { policy, gitDependencies, withoutExceptions } = loaded;
  const own = new PolicyDocument(
    { path: userPolicyPath(process.env), under: [] },
    { env: process.env, cwd },
  );
  if (adds) {
    for (const warning of loaded.warnings) tell(`warning: ${warning}`);
    return addExceptions(call, { target: own, policy, withoutExceptions });
  }
  const approvals = new ApprovalsDocument(process.env, cwd);
  const json = values.reporter === 'json';
  if (values.remove === true) return removeExceptions({ own, approvals, operands, json });
  if (values.approve === true)
    return approveExceptions({
      policy,
      gitDependencies: gitDependencies.proposed,
      approvals,
      hashes: operands,
      isSure: values.yes === true,
      json,
    });
  const machine = new PolicyDocument({ path: machinePolicyPath(), under: [] });
  const project = new PolicyDocument(projectPolicyTarget(cwd));
  const today = dayOf(Date.now());
  return listExceptions({ machine, own, project, withoutExceptions, approvals, today, json });
}
