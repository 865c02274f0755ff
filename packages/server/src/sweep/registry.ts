/* The registry that is swept, asked in the way of the gateway: credentials go to its origin alone, and only allowed hosts are asked. */
import { addAbortSignal } from 'node:stream';
import { isRecord } from '@tarwarden/core/metadata';
import { GatewayAnswer, passedStatus } from '../gateway/answers.ts';
import { jsonValue } from '../gateway/json.ts';
import { requestPath } from '../gateway/paths.ts';
import type { Spool, Spooled } from '../gateway/spool.ts';
import { within } from '../gateway/time-limit.ts';
import { ANSWER_TIME, bodyOf, DOCUMENT_BYTES_MAX, encodingOf } from '../gateway/upstream-answer.ts';
import { GatewayUpstream } from '../gateway/upstream.ts';

export interface SweptRegistryOptions {
  readonly registry: URL;
  /** Other hosts, with their ports, that may have tarballs. */
  readonly allowedHosts: readonly string[];
  /** Bearer token for the registry. */
  readonly token?: string | undefined;
}

const CONNECTIONS = { own: 64, api: 1 } as const;
/** As the gateway's. */
const VALUES = { valuesMax: 4_000_000, status: 413 } as const;
/** Milliseconds for one download. */
const TARBALL_TIME = 600_000;
/** The short document has all that a sweep reads. */
const ACCEPT = 'application/vnd.npm.install-v1+json, application/json;q=0.8';

export class SweptRegistry {
  readonly #upstream: GatewayUpstream;

  constructor({ registry, allowedHosts, token }: SweptRegistryOptions) {
    this.#upstream = new GatewayUpstream({
      url: registry,
      allowedHosts,
      connections: CONNECTIONS,
      credentials: token === undefined ? 'none' : { token },
    });
  }

  /**
   * The versions in the document about a package.
   * @throws GatewayAnswer
   */
  async versions(name: string, stop: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    return within(
      ANSWER_TIME,
      async (signal) => {
        const answer = await this.#upstream.document(requestPath(name), { accept: ACCEPT }, signal);
        const { statusCode, body, headers } = answer;
        const encoding = encodingOf(answer);
        const bytes = await bodyOf(body, { bytesMax: DOCUMENT_BYTES_MAX, encoding });
        if (statusCode !== 200) throw passedStatus(statusCode, headers);
        const document = jsonValue(bytes, VALUES);
        const versions = isRecord(document) ? document['versions'] : undefined;
        if (!isRecord(versions)) throw new GatewayAnswer(502, 'the document names no versions');
        return versions;
      },
      stop,
    );
  }

  /**
   * Downloads a tarball.
   * @throws GatewayAnswer
   */
  async tarball(address: string, spool: Spool): Promise<Spooled> {
    return within(TARBALL_TIME, async (signal) => {
      const answer = await this.#upstream.tarball(address, { headers: {}, signal });
      const { statusCode, headers, body } = answer;
      if (statusCode !== 200) {
        body.destroy();
        throw passedStatus(statusCode, headers);
      }
      const length = headers['content-length'];
      const announced = length === undefined ? undefined : Number(length);
      return spool.take(addAbortSignal(signal, body), { announced });
    });
  }

  async close(): Promise<void> {
    await this.#upstream.close();
  }
}
