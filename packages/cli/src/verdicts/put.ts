import { TarwardenError } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { isDocumentUrl, readAtMost } from '@tarwarden/host';
import { UsageError } from '@tarwarden/host/command-line';

export interface Signed {
  readonly address: string;
  readonly envelope: string;
}

/** Envelopes on their way to a store at once. */
const AT_ONCE = 8;
/** Bytes of what it answers: a word, or why it does not take one. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** For one envelope. Milliseconds. */
const TIME_LIMIT = 10_000;

/**
 * Stores envelopes.
 * @throws TarwardenError at the first that the store does not take.
 */
export async function putAll(url: string, signed: readonly Signed[]): Promise<void> {
  if (!isDocumentUrl(url))
    throw new UsageError(
      `${redactUrl(url)} is not an https address, nor http of this machine`,
      'verdicts',
    );
  const base = url.endsWith('/') ? url : `${url}/`;
  const waiting = [...signed];
  const worker = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await put(base, one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
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

/** Of one that has no end, not even a timer would be heard. */
async function textOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const tooLong = (): Error => new Error('its answer is too long');
  const pieces = body as unknown as AsyncIterable<Buffer>;
  return String(await readAtMost(pieces, { bytesMax: ANSWER_BYTES_MAX, tooLong }));
}
