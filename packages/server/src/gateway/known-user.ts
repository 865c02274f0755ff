/* Whether the registry knows who asks, before much is kept for that client: anybody can send something. */
import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from './json.ts';
import { within } from './time-limit.ts';
import { bodyOf, encodingOf } from './upstream-answer.ts';
import type { Upstream } from './upstream.ts';

/** Milliseconds. */
const TIME_LIMIT = 10_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Who is not known may still do what the registry allows. */
export async function isKnownUser(
  { authorization, 'user-agent': agent }: IncomingHttpHeaders,
  upstream: Upstream,
): Promise<boolean> {
  if (authorization === undefined) return false;
  const headers = { authorization, ...(agent !== undefined && { 'user-agent': agent }) };
  try {
    return await within(TIME_LIMIT, async (signal) => {
      const answer = await upstream.document('/-/whoami', headers, signal);
      const { statusCode, body } = answer;
      const encoding = encodingOf(answer);
      const said = parseJson(await bodyOf(body, { bytesMax: ANSWER_BYTES_MAX, encoding }));
      if (statusCode !== 200 || typeof said !== 'object' || said === null) return false;
      const { username } = said as { readonly username?: unknown };
      return typeof username === 'string' && username !== '' && username !== 'anonymous';
    });
  } catch {
    return false;
  }
}
