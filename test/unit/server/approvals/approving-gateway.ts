/* Gateways that share a ledger of approvals, in front of one registry, and a clock. */
import { afterEach, beforeEach, expect } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { openApprovals } from '../../../../packages/server/src/approvals/open.ts';
import type { ApprovalsOfGateway } from '../../../../packages/server/src/approvals/gateway-approvals.ts';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import { signer } from '../../../support/signed-verdicts.ts';
import { clean, hostile, jsonOf, startGateway, type Testing } from '../gateway/support.ts';
import { boss, dev, NOON } from './support.ts';

export const EVIL = '/evil/-/evil-1.0.0.tgz';
export const TOOL = '/@acme/tool/-/tool-1.0.0.tgz';
/** What the registry wants to see before it shows {@link TOOL}. */
export const TOKEN = { authorization: 'Bearer secret' };

export interface ApprovingGateway {
  readonly approvals: ApprovalsOfGateway;
  readonly testing: Testing;
}

export interface UsedGateways {
  /** The ledger is in it. */
  readonly folder: string;
  readonly registry: Registry;
  /** The key of the signed list. */
  readonly key: ReturnType<typeof signer>;
  /** Milliseconds since 1970. */
  clock: number;
  /** One more server of the ledger. */
  readonly start: (more?: object) => Promise<ApprovingGateway>;
}

/** Before each test: a registry and an empty ledger. Servers that a test starts are closed after it. */
export function useApprovingGateways(): UsedGateways {
  const key = signer();
  let folder: string;
  freshFolder((fresh) => (folder = fresh));

  let registry: Registry;
  let clock: number;
  const opened: ApprovingGateway[] = [];
  beforeEach(async () => {
    clock = NOON;
    registry = await startRegistry({ auth: { token: 'secret', scope: '@acme' } });
    registry.publish({ name: 'clean', tgz: clean });
    registry.publish({ name: 'evil', tgz: hostile });
    registry.publish({
      name: '@acme/tool',
      tgz: attack('symlink').build({ name: '@acme/tool', version: '1.0.0' }),
    });
  });
  afterEach(async () => {
    for (const { approvals, testing } of opened.splice(0)) {
      await testing.close();
      await approvals.close();
    }
    await registry.close();
  });

  /** The policy of each day is one object, as LivePolicy has it. */
  const policies = new Map<string, typeof DEFAULT_POLICY>();
  function policyToday(): typeof DEFAULT_POLICY {
    const today = new Date(clock).toISOString().slice(0, 10);
    const policy = policies.get(today) ?? { ...DEFAULT_POLICY, today };
    policies.set(today, policy);
    return policy;
  }

  return {
    get folder() {
      return folder;
    },
    get registry() {
      return registry;
    },
    key,
    get clock() {
      return clock;
    },
    set clock(now) {
      clock = now;
    },
    async start(more = {}) {
      const approvals = await openApprovals({
        ledger: `${folder}/ledger`,
        key: key.key,
        policy: policyToday,
        log: gatewayLog('silent'),
        now: () => clock,
      });
      const testing = await startGateway(registry.url, { policy: policyToday, approvals, ...more });
      const both = { approvals, testing };
      opened.push(both);
      return both;
    },
  };
}

/** The id at the end of a refusal. */
export async function refusedId(
  { testing }: { readonly testing: Testing },
  path = EVIL,
  headers = {},
): Promise<string> {
  const answer = await testing.ask(path, { headers });
  expect(answer.status).toBe(403);
  return /refusals\/([a-z2-7]{26})$/.exec(String(jsonOf(answer)['error']))![1]!;
}

/** Asks for an approval of a refusal, and gives it. Returns the id of the request. */
export async function approve(
  { approvals }: { readonly approvals: ApprovalsOfGateway },
  id: string,
  until = '2026-11-30',
): Promise<string> {
  const { service } = approvals;
  await expect.poll(async () => service.refusal(id)).toBeDefined();
  const by = { ...boss, private: ['*'] };
  const request = await service.ask(id, { by: { ...dev, private: ['*'] }, reason: 'needed' });
  await service.approve(request.id, { by, reason: 'read it', until });
  return request.id;
}
