/* Adds to a refusal the address of a page that says what was found. */
import type { IncomingMessage } from 'node:http';
import { GatewayRefusal } from './answers.ts';
import { showsDocument } from './shows-document.ts';
import type { WithPage } from './tarball.ts';
import type { GatewayUpstream } from './upstream.ts';
import type { UsedApprovals } from './used-approvals.ts';
import type { Verdicts } from './verdicts.ts';

/** The path of the page about a refusal, below the gateway's address. */
const PAGE = '/-/tarwarden/refusals/';

/** The registry whose archive is refused. */
export interface AskedRegistry {
  /** Its address, as refusals name it. */
  readonly registry: string;
  readonly upstream: GatewayUpstream;
}

export function withPageOf({
  approvals,
  verdicts,
  publicUrlFor,
  registry,
  upstream,
}: AskedRegistry & {
  readonly approvals: UsedApprovals;
  readonly verdicts: Verdicts;
  readonly publicUrlFor: (request: IncomingMessage) => string;
}): WithPage {
  return async (refusal, { identity, request }) => {
    const { archive, message } = refusal;
    if (archive === undefined) return refusal;
    try {
      const { sha512 } = archive;
      const verdict = archive.verdict ?? (await verdicts.rejection(sha512, identity));
      if (verdict === undefined) return refusal;
      const id = approvals.note({
        registry,
        identity,
        verdict,
        reader: upstream.readerOf(request.headers),
        isPublic: async (label) => showsDocument(upstream, { identity, label }, undefined),
      });
      return new GatewayRefusal(message, { archive, page: publicUrlFor(request) + PAGE + id });
    } catch {
      // A refusal without an address is still a refusal.
      return refusal;
    }
  };
}
