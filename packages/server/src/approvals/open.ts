/* Opens the approvals of a server from its settings. */
import type { Policy } from '@tarwarden/core';
import { currently, type Current } from '@tarwarden/host';
import type { SigningKey } from '@tarwarden/host/signed-verdicts';
import type { Logger } from 'pino';
import type { Identifies } from './api.ts';
import type { Outbound } from '../gateway/outbound.ts';
import { FolderHome } from './folder-home.ts';
import { GatewayApprovals, type ApprovalsOfGateway } from './gateway-approvals.ts';
import { ApprovalLedger } from './ledger.ts';
import { KeptRefusals } from './refusals.ts';
import { Webhooks, type WebhookOptions } from './webhooks.ts';

/** The most days of an approval, unless the settings say otherwise. */
export const LONGEST_DAYS = 90;

export interface ApprovalsSettings {
  /** A folder. */
  readonly ledger: string;
  /** The key that signs the list of approvals. */
  readonly key?: SigningKey | undefined;
  /** The most days of an approval. Default: 90. */
  readonly longest?: number | undefined;
  /** Whether people may approve their own requests. */
  readonly ownRequests?: boolean | undefined;
  readonly webhooks?: readonly WebhookOptions[] | undefined;
  /** The policy without approvals. */
  readonly policy: Current<Policy>;
  readonly people?: Identifies | undefined;
  /** How webhooks are reached. Default: directly. */
  readonly outbound?: Outbound | undefined;
  /** The address that clients use, for links in messages. */
  readonly publicUrl?: string | undefined;
  readonly log: Logger;
  /** The time; default: that of the system. */
  readonly now?: () => number;
}

/** @throws Error if the ledger or a webhook cannot be used. */
export async function openApprovals(settings: ApprovalsSettings): Promise<ApprovalsOfGateway> {
  const { log, policy, publicUrl, now } = settings;
  const webhooks = new Webhooks({
    hooks: settings.webhooks ?? [],
    publicUrl,
    outbound: settings.outbound,
    onLost: (host, why) => log.warn({ host, cause: why }, 'a webhook got no message'),
  });
  const home = await FolderHome.open(settings.ledger);
  let ledger: ApprovalLedger;
  let secret: string;
  try {
    secret = await home.refusals.secret();
    ledger = await ApprovalLedger.open(home, (problem) =>
      log.error({ cause: problem }, 'the ledger of approvals cannot be used'),
    );
  } catch (error) {
    await home.close();
    throw error;
  }
  const refusals = new KeptRefusals(home.refusals, {
    secret,
    onError: (error) =>
      log.warn(
        { cause: error instanceof Error ? error.message : String(error) },
        'a refusal was not kept',
      ),
    onNoted: (refusal) => webhooks.tell({ event: 'refused', refusal }),
  });
  return new GatewayApprovals({
    ledger,
    refusals,
    policy: () => currently(policy),
    key: settings.key,
    people: settings.people,
    longest: settings.longest ?? LONGEST_DAYS,
    ownRequests: settings.ownRequests === true,
    onRecorded: (request) =>
      webhooks.tell({ event: request.decision === undefined ? 'requested' : 'decided', request }),
    onClose: () => webhooks.close(),
    ...(now && { now }),
  });
}
