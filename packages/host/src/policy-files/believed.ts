/* The part of a user's own policy file about others whose signatures count. */
import type { PolicyFile } from '@tarwarden/core/policy';
import { printablePath } from '@tarwarden/core/text';
import type { VerdictSettings } from '../shared-verdicts/settings.ts';

/** The signers of verdicts, and where approvals come from. */
export function believedBy(file: PolicyFile | undefined): VerdictSettings | undefined {
  const { verdicts, approvals } = file ?? {};
  if (approvals === undefined) return verdicts;
  return { ...verdicts, keys: verdicts?.keys ?? [], approvalsFrom: approvals.from };
}

/** A warning for people who name a server and believe none of its signatures. */
export function approvalWarnings(
  { approvals, verdicts }: PolicyFile = {},
  path: string = '',
): string[] {
  if (approvals === undefined) return [];
  if (verdicts?.keys.some(({ use }) => use?.includes('approvals'))) return [];
  return [
    `${printablePath(path)}: no key in "verdicts" has the use "approvals", so that no approval counts`,
  ];
}
