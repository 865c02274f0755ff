/* Reads a registry's answer up to a limit. Network failures become answers, too. */
import type { Readable } from 'node:stream';
import { dropBody, ignoreErrors } from '@tarwarden/guard';
import type { Dispatcher } from 'undici';
import { readAtMost } from '../serving/read-at-most.ts';
import type { Turn } from './answer-turns.ts';
import { GatewayAnswer, passedHeaders, UnreachableRegistry } from './answers.ts';
import { causeCode } from './causes.ts';
import { jsonValues } from './json.ts';
import { unpackedPieces } from './short-gzip.ts';

/** Bytes of an unpacked answer that few exceed. */
export const LONG: number = 8 * 1024 * 1024;

/** The most bytes of an unpacked document. The longest of npmjs have some 100 MB. */
export const DOCUMENT_BYTES_MAX: number = 256 * 1024 * 1024;
/** From this many values on, documents are in memory one after another. */
export const VALUES_LONG = 100_000;

/** Milliseconds for a whole document or answer of the API. */
export const ANSWER_TIME: number = 5 * 60_000;

export type RegistryAnswer = Dispatcher.ResponseData;

/** Errors of a connection that the registry closed while it was idle: no answer was sent. */
const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Repeats a request that only reads, if its connection had just been closed. */
export async function asked(ask: () => Promise<RegistryAnswer>): Promise<RegistryAnswer> {
  return answered(
    ask().catch((error: unknown) => {
      if (CLOSED.has((error as { readonly code?: unknown }).code)) return ask();
      throw error;
    }),
  );
}

/** Turns a network failure into an answer, so that clients retry. All answers of the registry come through here. */
export async function answered(answer: Promise<RegistryAnswer>): Promise<RegistryAnswer> {
  try {
    const whole = await answer;
    ignoreErrors(whole.body);
    return whole;
  } catch (cause) {
    const message = `the registry cannot be reached (${causeCode(cause) ?? 'no answer'})`;
    throw new UnreachableRegistry(message, { status: statusOf(cause), cause });
  }
}

/** A registry that is too slow is a timeout for the client too. */
function statusOf(cause: unknown): 502 | 504 {
  const code = causeCode(cause);
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' ? 504 : 502;
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
  try {
    const plain = /^gzip$/i.test(encoding ?? '') ? await unpackedPieces(body) : body;
    return await readAtMost(plain, {
      bytesMax,
      tooLong: () => new GatewayAnswer(502, `an answer of more than ${bytesMax} bytes`),
      onPiece: (bytes, { length }) =>
        bytes > LONG && bytes - length <= LONG ? onLong?.() : undefined,
    });
  } catch (cause) {
    dropBody(body);
    if (cause instanceof GatewayAnswer) throw cause;
    throw new UnreachableRegistry('the answer of the registry broke off', { cause });
  }
}

export function isLongDocument(bytes: Buffer): boolean {
  return bytes.length > LONG || jsonValues(bytes) > VALUES_LONG;
}

/** @throws GatewayAnswer unless the answer is a document, as far as its head shows. */
export async function documentBody(
  answer: RegistryAnswer,
  turn: Turn,
  bytesMax: number,
): Promise<Buffer> {
  const body = await bodyOf(answer.body, {
    bytesMax,
    encoding: encodingOf(answer),
    onLong: async () => turn.alone(),
  });
  if (answer.statusCode !== 200) {
    const passed = answer.statusCode >= 400 && answer.statusCode < 500 ? answer.statusCode : 502;
    throw new GatewayAnswer(passed, `the registry answers ${answer.statusCode}`, {
      ...(passed === answer.statusCode && { headers: passedHeaders(answer.headers) }),
    });
  }
  return body;
}

/** An address of a registry without its query, which may contain credentials. */
export function withoutQuery(address: string | URL): string {
  const url = new URL(address);
  url.search = '';
  return url.href;
}
