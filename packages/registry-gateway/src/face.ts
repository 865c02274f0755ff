/* The interface to clients of one ecosystem. The gate, the registry and the gateway's own pages behind it are shared. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenGate } from './open-gate.ts';
import type { HostileTrial } from './ready.ts';
import type { Sending } from './sending.ts';
import type { UpstreamRegistry } from './upstream.ts';

export interface Face {
  /** @throws GatewayAnswer, before anything was sent. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The part of a request's target that may be logged: it must not contain credentials. */
  loggable(target: string): unknown;
  /** Whether clients parse the body of an error or show it. */
  readonly errors: 'json' | 'text';
  /** Archives that the gateway has to refuse before it gets requests. */
  readonly trials: readonly HostileTrial[];
  /** Removes temporary files. */
  readonly close?: () => void;
}

export interface FaceParts {
  readonly upstream: UpstreamRegistry;
  readonly open: OpenGate;
  readonly sending: Sending;
  /** The gateway's address for this client, without a slash at its end. */
  readonly publicUrlFor: (request: IncomingMessage) => string;
}

/** Whether a request only reads. */
export function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
