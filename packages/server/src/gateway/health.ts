/* Says whether the gateway may get requests, and which of its parts do not work as they should. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { inTime } from '../serving/in-time.ts';
import { sendText } from './answers.ts';
import type { Readiness } from './ready.ts';

/** Milliseconds for the answer of one part. */
const ANSWER_WITHIN = 2_000;

/** A part of the gateway that can fail while the gateway still does its job safely. */
export interface HealthCheck {
  /** For people: `policy file`. */
  readonly name: string;
  /** The problem, in words without addresses and credentials; undefined if everything works. */
  readonly problem: () => string | undefined | Promise<string | undefined>;
}

export interface HealthReport {
  /** Whether the gateway may get requests. */
  readonly ready: boolean;
  readonly status: 'ready' | 'degraded' | 'draining' | 'not ready';
  /** The words about the hostile archive that has to be refused. */
  readonly message: string;
  readonly parts: readonly { readonly name: string; readonly problem?: string }[];
}

export async function healthReport(
  { ready, text }: Readiness,
  checks: readonly HealthCheck[],
  isDraining: boolean,
): Promise<HealthReport> {
  const parts = await Promise.all(checks.map(checked));
  const message = text.trim();
  if (!ready) return { ready, status: 'not ready', message, parts };
  if (isDraining) return { ready: false, status: 'draining', message: 'the gateway stops', parts };
  const isDegraded = parts.some(({ problem }) => problem !== undefined);
  return { ready, status: isDegraded ? 'degraded' : 'ready', message, parts };
}

async function checked({
  name,
  problem,
}: HealthCheck): Promise<{ name: string; problem?: string }> {
  try {
    const found = await inTime(ANSWER_WITHIN, Promise.resolve(problem()), 'no answer');
    return { name, ...(found !== undefined && { problem: found }) };
  } catch {
    return { name, problem: 'it cannot be asked' };
  }
}

/** The report as text: first whether the gateway is ready, then a line for each part that does not work. */
function healthText({ status, message, parts }: HealthReport): string {
  const first = status === 'draining' ? `not ready: ${message}` : message;
  const lines = parts.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`degraded: ${name}: ${problem}`],
  );
  return `${[first, ...lines].join('\n')}\n`;
}

/** Sends the report as text or, if the request asks for it, as JSON. */
export function sendHealth(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  response: ServerResponse,
  report: HealthReport,
): void {
  const isJson =
    /[?&]format=json(?:&|$)/.test(url) || /\bapplication\/json\b/i.test(headers.accept ?? '');
  const status = report.ready ? 200 : 503;
  if (!isJson) return sendText(response, status, healthText(report));
  return sendText(response, status, `${JSON.stringify(report)}\n`, 'application/json');
}
