/* Asks a store of signed verdicts. It loads only Node's own clients, because guards ask in the middle of an install. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { readAtMost } from '../fetch/read-at-most.ts';
import { isDocumentUrl } from '../fetch/document-url.ts';
import { inOpenTime } from './open-time.ts';

/** The most bytes of an answer: far above the size of a full batch. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** A store may keep an acceptance and a rejection for each address. */
const ENVELOPES_OF_ONE = 2;

type Request = typeof import('node:https').request;

export interface AnswerLines {
  /** At most as many lines as there can be envelopes. */
  readonly lines: readonly string[];
  /** Whether the answer had more lines. */
  readonly isTooMany: boolean;
}

/** Asks one store over a kept connection. */
export class StoreClient {
  readonly #url: URL;
  readonly #request: Request;
  readonly #agent: import('node:http').Agent;

  private constructor(url: URL, client: { request: Request; agent: import('node:http').Agent }) {
    this.#url = url;
    this.#request = client.request;
    this.#agent = client.agent;
  }

  /** @throws Error unless the address is https or on this machine: the environment may name any address. */
  static async of(url: string): Promise<StoreClient> {
    if (!isDocumentUrl(url))
      throw new Error('it is not an https address, nor http of this machine');
    const base = new URL(url.endsWith('/') ? url : `${url}/`);
    const { request, Agent } =
      base.protocol === 'https:' ? await import('node:https') : await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    return new StoreClient(base, { request: request as Request, agent });
  }

  /**
   * The lines of the store's answer: envelopes for these addresses, in any order. The store may send fewer, or unrelated ones.
   * @param timeLimit Milliseconds of `OpenTime` for the whole call.
   * @throws Error if there is no valid answer.
   */
  async envelopes(addresses: readonly string[], timeLimit: number): Promise<AnswerLines> {
    const answer = await this.#send(JSON.stringify({ addresses }), timeLimit);
    const most = addresses.length * ENVELOPES_OF_ONE;
    // Split no further: an answer that consists of line feeds would make millions of lines.
    const lines = answer.toString('utf8').split('\n', most + 2);
    if (lines.at(-1) === '') lines.pop();
    return { lines: lines.slice(0, most), isTooMany: lines.length > most };
  }

  async #send(body: string, timeLimit: number): Promise<Buffer> {
    let request: ClientRequest | undefined;
    const answered = new Promise<Buffer>((resolve, reject) => {
      request = this.#request(new URL('v1/batch', this.#url), {
        method: 'POST',
        agent: this.#agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          accept: 'application/x-ndjson',
        },
      });
      request.on('error', reject);
      request.on('response', (response) => void bodyOf(response).then(resolve, reject));
      request.end(body);
    });
    try {
      return await inOpenTime(timeLimit, answered, `no answer within ${timeLimit / 1000} s`);
    } catch (error) {
      request?.destroy();
      answered.catch(() => undefined);
      throw error;
    }
  }
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`it answered ${response.statusCode}`);
  }
  const tooLong = (): Error => new Error('its answer is too long');
  return readAtMost(response, { bytesMax: ANSWER_BYTES_MAX, tooLong });
}
