/* Approvals in this process: people, refusals of a real hostile archive, and a clock. */
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, type Policy, type Verdict } from '@tarwarden/core';
import {
  Approvals,
  type ApprovalServiceOptions,
} from '../../../../packages/server/src/approvals/approvals.ts';
import { FolderHome } from '../../../../packages/server/src/approvals/folder-home.ts';
import {
  ApprovalLedger,
  type LedgerHome,
} from '../../../../packages/server/src/approvals/ledger.ts';
import { KeptRefusals } from '../../../../packages/server/src/approvals/refusals.ts';
import type {
  ApprovalRequest,
  Person,
  Refusal,
  Role,
} from '../../../../packages/server/src/approvals/service.ts';
import { attack } from '../../../support/attacks.ts';

export const person = (name: string, role: Role, patterns: readonly string[] = []): Person => ({
  name,
  role,
  private: patterns,
});
export const dev: Person = person('dev', 'requester');
export const boss: Person = person('boss', 'approver');

export const REGISTRY = 'https://npm.example.com';

/** The verdict on a package with a symlink. */
export function evil(name = 'evil', policy: Policy = DEFAULT_POLICY): Verdict {
  const bytes = attack('symlink').build({ name, version: '1.0.0' });
  return inspect(bytes, { expected: { name, version: '1.0.0' }, policy });
}

export interface Desk {
  readonly approvals: Approvals;
  readonly ledger: ApprovalLedger;
  readonly refusals: KeptRefusals;
  readonly recorded: ApprovalRequest[];
  readonly problems: string[];
  /** Milliseconds since 1970. */
  clock: { now: number };
  /** Keeps a refusal, and returns it. */
  refuse(verdict?: Verdict, reader?: string, isPublic?: boolean): Promise<Refusal>;
}

export const NOON: number = Date.parse('2026-11-30T12:00:00.000Z');

/** One server of a ledger. */
export async function openDesk(
  home: LedgerHome,
  options: Partial<ApprovalServiceOptions> = {},
): Promise<Desk> {
  const problems: string[] = [];
  const recorded: ApprovalRequest[] = [];
  const clock = { now: NOON };
  const noted: Refusal[] = [];
  const ledger = await ApprovalLedger.open(home, (problem) => problems.push(problem));
  const refusals = new KeptRefusals(home.refusals, {
    secret: await home.refusals.secret(),
    onError: (error) => problems.push(String(error)),
    onNoted: (refusal) => noted.push(refusal),
  });
  const approvals = new Approvals({
    ledger,
    refusals,
    policy: DEFAULT_POLICY,
    longest: 90,
    ownRequests: false,
    onRecorded: (request) => recorded.push(request),
    now: () => clock.now,
    ...options,
  });
  return {
    approvals,
    ledger,
    refusals,
    recorded,
    problems,
    clock,
    async refuse(verdict = evil(), reader = '', isPublic = true) {
      const { name = '', version = '' } = verdict.manifest ?? {};
      const identity = { format: 'npm', name, version } as const;
      const id = refusals.note({
        registry: REGISTRY,
        identity,
        verdict,
        reader,
        isPublic: async () => Promise.resolve(isPublic),
      });
      const count = noted.length;
      while (noted.length === count && noted.every((refusal) => refusal.id !== id))
        await new Promise((resolve) => setImmediate(resolve));
      return (await refusals.find(id))!;
    },
  };
}

/** A folder with a ledger. */
export async function folderHome(folder: string): Promise<FolderHome> {
  return FolderHome.open(join(folder, 'ledger'));
}
