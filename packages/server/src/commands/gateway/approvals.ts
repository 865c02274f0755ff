import type { IncomingMessage } from 'node:http';
import { printablePath, redactUrl } from '@tarwarden/core/text';
import { addressClient, signingKeyIn, type LivePolicy } from '@tarwarden/host';
import { UsageError } from '@tarwarden/host/command-line';
import type { Logger } from 'pino';
import type { ApprovalsOfGateway } from '../../approvals/gateway-approvals.ts';
import { LONGEST_DAYS, openApprovals } from '../../approvals/open.ts';
import { WEBHOOK_EVENTS } from '../../approvals/webhooks.ts';
import type { ServerConfiguration } from '../../configuration/configuration.ts';
import type { TrustedProxies } from '../../gateway/client.ts';
import type { Outbound } from '../../gateway/outbound.ts';
import { ApprovalPages } from '../../pages/pages.ts';
import { KnownPeople } from '../../people/people.ts';

const DAY = 86_400_000;

export interface ApprovalParts {
  readonly approvals: ApprovalsOfGateway;
  /** Makes the pages. `addressFor`: the address that browsers use, without a slash at its end. */
  readonly pages: (addressFor: (request: IncomingMessage) => string) => ApprovalPages;
}

/** Reads the file of people and the key of the configuration, to find mistakes. @throws UsageError */
export function checkApprovalFiles({ approvals, roles }: ServerConfiguration): void {
  if (approvals?.key !== undefined) signingKeyIn(approvals.key);
  const tokens = roles?.tokens;
  if (tokens === undefined) return;
  try {
    void new KnownPeople({ tokens, isSecure: true, onWarning: () => undefined });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new UsageError(
      `the file of people ${printablePath(tokens)} cannot be used: ${why}`,
      'gateway',
    );
  }
}

/** Opens the approvals of the configuration, and the file of people. @throws UsageError */
export async function approvalsIn(
  configuration: ServerConfiguration,
  {
    live,
    log,
    proxies,
    outbound,
  }: {
    readonly live: LivePolicy;
    readonly log: Logger;
    readonly proxies: TrustedProxies;
    readonly outbound: Outbound;
  },
): Promise<ApprovalParts | undefined> {
  const { approvals, roles, publicUrl, tls } = configuration;
  if (approvals === undefined) return undefined;
  const { ledger, key, longest, ownRequests, webhooks } = approvals;
  const longestDays = longest === undefined ? LONGEST_DAYS : Math.max(1, Math.floor(longest / DAY));
  try {
    const people = new KnownPeople({
      ...roles,
      trusts: (socket) => proxies.trusts(socket),
      isSecure: publicUrl === undefined ? tls !== undefined : publicUrl.startsWith('https:'),
      onWarning: (text) => log.warn(text),
    });
    const opened = await openApprovals({
      ledger,
      key: key === undefined ? undefined : signingKeyIn(key),
      longest: longestDays,
      ownRequests,
      webhooks: webhooks.map(({ events = WEBHOOK_EVENTS, ...webhook }) => ({ ...webhook, events })),
      people,
      policy: () => live.current.policy,
      outbound,
      publicUrl,
      log,
    });
    const clientOf = (request: IncomingMessage): string =>
      addressClient(proxies.addressOf(request));
    const common = { service: opened.service, people, clientOf, longestDays, log };
    return {
      approvals: opened,
      pages: (publicUrlFor) => new ApprovalPages({ ...common, publicUrlFor }),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The address of a database may contain a password.
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`approvals cannot be used: ${redactUrl(why)}`, 'gateway');
  }
}
