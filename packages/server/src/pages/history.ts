/* Finds the decisions about a request in the history. */
import type { RecordedDecision } from './request-page.ts';

/** The most decisions of one request. Today a request has at most two. */
const DECISIONS_MAX = 100;

/** @param lines The lines of the history: JSON with an event each. */
export async function decisionsAbout(
  request: string,
  lines: AsyncIterable<string>,
): Promise<readonly RecordedDecision[]> {
  const decisions: RecordedDecision[] = [];
  // Most lines are about other requests, and need not be parsed.
  const named = `"request":"${request}"`;
  for await (const line of lines) {
    const decision = line.includes(named) ? decisionIn(line, request) : undefined;
    if (decision !== undefined) decisions.push(decision);
    if (decisions.length === DECISIONS_MAX) break;
  }
  return decisions;
}

function decisionIn(line: string, request: string): RecordedDecision | undefined {
  const { event } = JSON.parse(line) as {
    readonly event?: Partial<RecordedDecision> & { readonly request?: unknown };
  };
  if (event?.request !== request) return undefined;
  const { kind, by, at, reason, until } = event;
  if (kind !== 'approved' && kind !== 'declined' && kind !== 'revoked') return undefined;
  if (by === undefined || at === undefined || reason === undefined) return undefined;
  return { kind, by, at, reason, until };
}
