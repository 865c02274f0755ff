import type { Policy, Verdict } from '@tarwarden/core';
import { weighClaims } from '@tarwarden/core/policy';
import type { AuditTask } from './plan.ts';
import { expectedFromLockfile } from './verdict-keys.ts';

/** A verdict together with the words of all lockfile entries about the package. */
export function withWords(verdict: Verdict, task: AuditTask, policy: Policy): Verdict {
  const claims = task.flatMap(({ locked }) => locked.claim ?? []);
  return weighClaims(verdict, claims, { policy, expected: expectedFromLockfile(task[0].locked) });
}
