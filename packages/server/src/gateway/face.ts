/* What a gateway is to the clients of one ecosystem. Everything behind it is common: the gate, the registry, pages of its own. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenGate } from './open-gate.ts';
import type { Trial } from './ready.ts';
import type { Sending } from './sending.ts';
import type { Upstream } from './upstream.ts';

export interface Face {
  /** @throws GatewayAnswer, before anything was sent. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** What may be logged of the target of a request: nothing that signs somebody in. */
  loggable(target: string): unknown;
  /** What clients make of the body of an error: they read it, show it, or neither. */
  readonly errors: 'json' | 'text';
  /** What has to be refused before anybody is sent here. */
  readonly trials: readonly Trial[];
  /** Removes what is left of it. */
  readonly close?: () => void;
}

export interface FaceParts {
  readonly upstream: Upstream;
  readonly open: OpenGate;
  readonly sending: Sending;
  /** What whoever asks knows the gateway by, without a slash at its end. */
  readonly publicUrlFor: (request: IncomingMessage) => string;
}

/** Whether a request only reads. */
export function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
