/* Approvals, as the gateway uses them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Policy, Verdict } from '@tarwarden/core';
import type { GatewayUpstream } from './upstream.ts';
import type { ArchiveIdentity } from './wanted.ts';

/** An archive that is about to be refused. */
export interface NotedRefusal {
  /** The address of the registry. */
  readonly registry: string;
  readonly identity: ArchiveIdentity;
  readonly verdict: Verdict;
  /** The client, as `readerOf` names it. Empty for one without credentials. */
  readonly reader: string;
  /** Asks the registry without credentials whether it shows the package to everybody. `label`: as a refusal has it. */
  readonly isPublic: (label: string) => Promise<boolean>;
}

/** Finds the registry of a gateway by its address, as refusals name it. */
export type UpstreamAt = (address: string) => GatewayUpstream | undefined;

export interface UsedApprovals {
  /** A policy with the exceptions of the approvals in force. The same object until something changes. */
  policy(base: Policy): Policy;
  /** Whether the lines of the ledger are believed. If not, somebody has changed them. */
  readonly isBelieved: boolean;
  /** The problem, in words without addresses; undefined if everything works. */
  readonly problem: string | undefined;
  /** Keeps a refusal, and returns its id. */
  note(refused: NotedRefusal): string;
  /** Whether {@link UsedApprovals.answer} answers a request for this target. */
  has(target: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse, upstreamAt: UpstreamAt): Promise<void>;
}
