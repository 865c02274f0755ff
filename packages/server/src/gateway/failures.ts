/* Answers requests that failed, and logs why. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { GatewayAnswer, GatewayRefusal, sendAnswer } from './answers.ts';
import { causeWords } from './causes.ts';
import type { Face } from './face.ts';
import type { Metrics } from './metrics.ts';
import { requestRecord } from './request-record.ts';

export interface FailureParts {
  readonly log: Logger;
  readonly metrics: Metrics;
}

interface Failure {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly error: unknown;
  /** Undefined if the request is for none. */
  readonly registry:
    | { readonly name: string; readonly face: Pick<Face, 'loggable' | 'errors'> }
    | undefined;
}

export function answerFailure(
  { request, response, error, registry }: Failure,
  { log, metrics }: FailureParts,
): void {
  const answer =
    error instanceof GatewayAnswer
      ? error
      : new GatewayAnswer(500, 'the gateway failed', { cause: error });
  // The client has gone away, which is not an error. Node takes the connection away from a request that has ended early.
  const socket = request.socket as Socket | null;
  if (response.destroyed || socket?.destroyed !== false) return;
  const record = requestRecord(request);
  if (answer instanceof GatewayRefusal) record.outcome = 'refused';
  if (answer.status >= 500)
    record.cause = [answer.message, causeWords(answer.cause)].filter(Boolean).join(': ');
  const { method, url = '/' } = request;
  // Headers and queries are not logged: they may contain credentials.
  const asked = registry?.face.loggable(url);
  const about = { id: record.id, method, registry: registry?.name, asked, status: answer.status };
  if (answer instanceof GatewayRefusal) log.warn(about, answer.message);
  else if (answer.status >= 500) log.error({ ...about, ...causeOf(answer) }, answer.message);
  else log.debug(about, answer.message);
  if (answer.status >= 500) metrics.notInspected.inc({ reason: 'failed' });
  sendAnswer(response, answer, registry?.face.errors ?? 'text');
}

/** The stack of an error, which helps only with a failure of the gateway itself: status 500. */
function causeOf({ status, cause }: GatewayAnswer): object {
  if (status === 500) return { err: cause };
  const words = causeWords(cause);
  return words === undefined ? {} : { cause: words };
}
