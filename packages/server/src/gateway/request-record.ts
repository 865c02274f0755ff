/* The facts about one request, from its start to its end: who asks, and with what outcome. Faces and parts of the gateway add to it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { connectionClient } from '../serving/client-name.ts';

/** How a request ended, for the access log and the metrics. Some are set by the part that decides, others follow from the status. */
export type RequestOutcome =
  /** The gateway had the answer, and the registry was not asked. */
  | 'hit'
  /** The registry was asked. For an archive: it had an accepting verdict. */
  | 'miss'
  /** The archive was inspected for this request, and accepted. */
  | 'accepted'
  /** The archive or publication was rejected, or may not come from that host. */
  | 'refused'
  /** The registry does not answer, and the client got an older document. */
  | 'stale'
  | 'not-modified'
  /** An answer of the registry's API, or a publication that the registry got. */
  | 'passed'
  /** Any other answer 4xx: not found, not signed in, not understood. */
  | 'denied'
  /** The registry or the gateway failed, or too many waited. */
  | 'error'
  /** The client went away before it had the whole answer. */
  | 'aborted';

export interface RequestRecord {
  /** The `x-request-id` of the answer. */
  readonly id: string;
  /** The client that has a part of each budget: an address, or a user whom the registry knows. */
  readonly client: string;
  /** The client's address, for the log. */
  readonly address: string;
  /** Set by the part that answers. */
  outcome?: RequestOutcome | undefined;
  /** The cause of an answer 5xx, in words. */
  cause?: string | undefined;
}

const records = new WeakMap<IncomingMessage, RequestRecord>();

/** Called once for each request, before anything asks for its record. */
export function keepRecord(request: IncomingMessage, record: RequestRecord): void {
  records.set(request, record);
}

/** The record of a request. A request that no gateway has received has its connection as the client. */
export function requestRecord(request: IncomingMessage): RequestRecord {
  const kept = records.get(request);
  if (kept !== undefined) return kept;
  const client = connectionClient(request.socket);
  const record = { id: randomUUID(), client, address: client };
  records.set(request, record);
  return record;
}

/** Notes that a copy in the cache has answered a request. */
export function copyNoted(request: IncomingMessage): (outcome: 'hit' | 'stale') => void {
  return (outcome) => void (requestRecord(request).outcome = outcome);
}

/** The client of a request, as all budgets count it. */
export function requestClient(request: IncomingMessage): string {
  return requestRecord(request).client;
}
