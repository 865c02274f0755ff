/* Answers of a registry: an absent answer becomes an error that says so, and a body is read up to its limit. */
import type { Readable } from 'node:stream';
import { gunzipped, readAtMost, dropBody, ignoreErrors } from '@tarwarden/host';
import type { Dispatcher } from 'undici';
import { GatewayAnswer } from './answers.ts';

/** Bytes of an answer, unpacked, that few have. */
export const LONG: number = 8 * 1024 * 1024;

/** For a whole document, or answer of the API. Milliseconds. */
export const ANSWER_TIME: number = 5 * 60_000;

export type RegistryAnswer = Dispatcher.ResponseData;

/** Codes of a connection that the other side closed while it was idle: there was no answer. */
const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Asks a second time if the connection had just been closed. For requests that only read. */
export async function asked(ask: () => Promise<RegistryAnswer>): Promise<RegistryAnswer> {
  return answered(
    ask().catch((error: unknown) => {
      if (CLOSED.has((error as { readonly code?: unknown }).code)) return ask();
      throw error;
    }),
  );
}

/** A failure of the network is an answer: clients try again. All answers of the registry come through here. */
export async function answered(answer: Promise<RegistryAnswer>): Promise<RegistryAnswer> {
  try {
    const whole = await answer;
    ignoreErrors(whole.body);
    return whole;
  } catch (cause) {
    const code = (cause as { readonly code?: unknown }).code;
    throw new GatewayAnswer(
      502,
      `the registry cannot be reached (${typeof code === 'string' ? code : 'no answer'})`,
      {
        cause,
      },
    );
  }
}

export function encodingOf({ headers }: Pick<RegistryAnswer, 'headers'>): string | undefined {
  return [headers['content-encoding']].flat()[0];
}

/** @throws GatewayAnswer for a body that is longer. */
export async function bodyOf(
  body: Readable,
  {
    bytesMax,
    encoding,
    onLong,
  }: {
    readonly bytesMax: number;
    readonly encoding?: string | undefined;
    /** Waited for before more than {@link LONG} bytes are read. */
    readonly onLong?: () => Promise<void> | undefined;
  },
): Promise<Buffer> {
  if (encoding !== undefined && !/^(?:gzip|identity)$/i.test(encoding)) {
    dropBody(body);
    throw new GatewayAnswer(502, `the registry answers with an encoding that was not asked for`);
  }
  const plain = /^gzip$/i.test(encoding ?? '') ? gunzipped(body) : body;
  try {
    return await readAtMost(plain, {
      bytesMax,
      tooLong: () => new GatewayAnswer(502, `an answer of more than ${bytesMax} bytes`),
      onPiece: (bytes, { length }) =>
        bytes > LONG && bytes - length <= LONG ? onLong?.() : undefined,
    });
  } catch (cause) {
    dropBody(body);
    if (cause instanceof GatewayAnswer) throw cause;
    throw new GatewayAnswer(502, 'the answer of the registry broke off', { cause });
  }
}
