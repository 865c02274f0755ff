import { TarwardenError } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { isDocumentUrl, readAtMost } from '@tarwarden/host';
import pMap from 'p-map';
import { UsageError } from '@tarwarden/host/command-line';

export interface Signed {
  readonly address: string;
  readonly envelope: string;
}

/** Envelopes that are sent to a store at once. */
const AT_ONCE = 8;
/** The most bytes of a store's answer. It is a word, or a reason for a refusal. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** Milliseconds for one envelope. */
const TIME_LIMIT = 10_000;

/**
 * Stores envelopes.
 * @throws TarwardenError for the first one that the store refuses.
 */
export async function putAll(url: string, signed: readonly Signed[]): Promise<void> {
  if (!isDocumentUrl(url))
    throw new UsageError(
      `${redactUrl(url)} is not an https address, nor http of this machine`,
      'verdicts',
    );
  const base = url.endsWith('/') ? url : `${url}/`;
  await pMap(signed, (envelope) => put(base, envelope), { concurrency: AT_ONCE });
}

async function put(base: string, { address, envelope }: Signed): Promise<void> {
  let answer: string;
  try {
    const response = await fetch(new URL(`v1/${address}`, base), {
      method: 'PUT',
      body: envelope,
      redirect: 'error',
      headers: { 'content-type': 'application/vnd.dsse.envelope+json' },
      signal: AbortSignal.timeout(TIME_LIMIT),
    });
    const text = await textOf(response);
    if (response.ok) return;
    answer = `it answered ${response.status}: ${printable(text.trim(), 200)}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    answer = cause instanceof Error ? cause.message : String(cause);
  }
  throw new TarwardenError(
    'STORE_FAILED',
    `the store ${redactUrl(base)} does not take a verdict: ${answer}`,
  );
}

/** Reads at most {@link ANSWER_BYTES_MAX}. With an endless answer, not even the timer would run. */
async function textOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const tooLong = (): Error => new Error('its answer is too long');
  const pieces = body as unknown as AsyncIterable<Buffer>;
  return String(await readAtMost(pieces, { bytesMax: ANSWER_BYTES_MAX, tooLong }));
}
