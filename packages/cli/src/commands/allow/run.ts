import { resolve } from 'node:path';
import { loadPolicy, policyAlone, userPolicyPath } from '@tarwarden/guard';
import { type Call, tell, UsageError } from '@tarwarden/guard/command-line';
import type { definition } from './definition.ts';
import { addExceptions } from './add.ts';
import { ApprovalsDocument, approveExceptions, removeExceptions } from './approvals.ts';
import { listExceptions } from './list.ts';
import { PolicyDocument } from './policy-document.ts';

/** `tarwarden allow`: writes exceptions for what was found in archives, and lists, approves and removes exceptions. */
export async function allow(call: Call<typeof definition.options>): Promise<number> {
  const { values, operands } = call;
  const actionCount = [values.approve, values.remove, values.list].filter(Boolean).length;
  const adds = actionCount === 0 && operands.length > 0;
  if (!adds && (actionCount !== 1 || (values.list === true && operands.length > 0)))
    throw new UsageError(
      'name packages or archives, or --approve, --remove or --list: one of them',
      'allow',
    );
  if (values.policy !== undefined) {
    if (!adds) throw new UsageError('--policy needs a package or an archive', 'allow');
    const path = resolve(values.policy);
    const policy = policyAlone(path);
    return addExceptions(call, new PolicyDocument({ path, under: [] }), { policy });
  }
  const cwd = process.cwd();
  const { env } = process;
  const loaded = loadPolicy({ cwd, env });
  const ownDocument = new PolicyDocument({ path: userPolicyPath(env), under: [] }, { env, cwd });
  if (adds) {
    for (const warning of loaded.warnings) tell(`warning: ${warning}`);
    return addExceptions(call, ownDocument, loaded);
  }
  const context = {
    loaded,
    own: ownDocument,
    approvals: new ApprovalsDocument(env, cwd),
    operands,
    isSure: values.yes === true,
    json: values.reporter === 'json',
  };
  if (values.remove === true) return removeExceptions(context);
  return values.approve === true ? approveExceptions(context) : listExceptions(context);
}
