/* Requests as text for a terminal. All names and reasons are hostile text. */
import { printable } from '@tarwarden/core/text';
import { isRefusalRecord } from '../../approvals/events.ts';
import type { ApprovalRequest } from '../../approvals/service.ts';
import { UsageError } from '@tarwarden/host/command-line';

/** The most characters of a reason on one line. */
const REASON_MAX = 200;

export function requestLine({ id, state, by, reason, refusal }: ApprovalRequest): string {
  const parts = [id.padStart(4), state.padEnd(8), printable(refusal.label)];
  return `${parts.join('  ')}  ${printable(by)}: ${printable(reason, REASON_MAX)}`;
}

export function requestText({
  id,
  state,
  by,
  at,
  reason,
  refusal,
  decision,
  exceptions,
}: ApprovalRequest): string {
  const { label, ecosystem, registry, sha512, bytes, text, isPrivate } = refusal;
  const lines = [
    `request ${id}: ${state}`,
    `  package:  ${printable(label)} (${printable(ecosystem)}${isPrivate ? ', private' : ''})`,
    `  registry: ${printable(registry)}`,
    `  sha512:   ${printable(sha512)}`,
    `  bytes:    ${bytes}`,
    `  asked by: ${printable(by)}, ${printable(at)}`,
    `  reason:   ${printable(reason)}`,
  ];
  if (decision !== undefined) {
    const until = decision.until === undefined ? '' : `, until ${printable(decision.until)}`;
    lines.push(
      `  decision: ${printable(decision.by)}, ${printable(decision.at)}${until}`,
      `            ${printable(decision.reason)}`,
    );
  }
  for (const { rule, entry } of exceptions)
    lines.push(
      `  exception: ${printable(rule)}${entry === undefined ? '' : ` in ${printable(entry)}`}`,
    );
  // A gateway could send control characters in a text of several lines.
  return [...lines, '', ...text.split('\n').map((line) => printable(line))].join('\n');
}

export function requestsIn(answer: unknown): readonly ApprovalRequest[] {
  const { requests } = (answer ?? {}) as { readonly requests?: unknown };
  if (!Array.isArray(requests)) throw notRequests();
  return requests.map(requestIn);
}

export function requestIn(value: unknown): ApprovalRequest {
  const { id, state, by, at, reason, refusal, exceptions } = (value ?? {}) as Record<
    string,
    unknown
  >;
  if (![id, state, by, at, reason].every((text) => typeof text === 'string')) throw notRequests();
  if (!isRefusalRecord(refusal) || !Array.isArray(exceptions)) throw notRequests();
  return value as ApprovalRequest;
}

function notRequests(): UsageError {
  return new UsageError('the server sent no requests: is this a gateway?', 'approvals');
}
