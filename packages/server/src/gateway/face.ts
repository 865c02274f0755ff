/* A face answers the clients of one ecosystem. All faces share the gate, the way to the registry, and the gateway's own pages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentReader } from './cache/document-reader.ts';
import type { OpenGate } from './open-gate.ts';
import type { GatewayTrial } from './trials.ts';
import type { Sending } from './sending.ts';
import type { GatewayUpstream } from './upstream.ts';

export interface Face {
  /** @throws GatewayAnswer, before anything was sent. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The part of a request's target that may be logged: it must not contain credentials. */
  loggable(target: string): unknown;
  /** Whether clients parse the body of an error or show it. */
  readonly errors: 'json' | 'text';
  /** Hostile archives that have to be refused before the gateway says that it is ready. */
  readonly trials: readonly GatewayTrial[];
  /** Ends what the face has started. */
  readonly close?: () => void;
}

export interface FaceParts {
  readonly upstream: GatewayUpstream;
  readonly open: OpenGate;
  readonly sending: Sending;
  /** Reads documents from the registry or the cache. */
  readonly reader: DocumentReader;
  /** The gateway's address for this client, without a slash at its end. */
  readonly publicUrlFor: (request: IncomingMessage) => string;
}

/** Whether a request only reads. */
export function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
