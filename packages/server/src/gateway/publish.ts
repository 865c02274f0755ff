/* Publishes packages: a refused archive does not reach the registry. */
import { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Turns } from '@tarwarden/host';
import { GatewayAnswer, tooMany } from './answers.ts';
import type { Api } from './api.ts';
import { refusalOf, type Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { requestPath } from './paths.ts';
import { readerOf, type PackageIndex } from './package-index.ts';
import { publicationIn, type Publication } from './publication.ts';
import { registryUser } from './registry-user.ts';
import type { Spool, Spooled } from './spool.ts';
import type { WithPage } from './tarball.ts';
import type { GatewayUpstream } from './upstream.ts';

/** The most bytes of a publication, which contains its tarball in base64. */
export const PUBLICATION_BYTES_MAX: number = 128 * 1024 * 1024;
/** The most publications in memory at once (each several times), and the most requests that wait. */
const AT_ONCE = 1;
const WAITING_MAX = 100;

export interface PublishParts {
  readonly upstream: GatewayUpstream;
  readonly api: Api;
  readonly gate: Gate;
  /** The spool for unknown clients' uploads. */
  readonly spool: Spool;
  /** The spool for clients that the registry knows. Others cannot fill it. */
  readonly knownSpool: Spool;
  readonly index: PackageIndex;
  readonly metrics: Metrics;
  readonly withPage: WithPage | undefined;
}

export class Publishing {
  readonly #parts: PublishParts;
  readonly #turns = new Turns({ places: AT_ONCE, waitingMax: WAITING_MAX, tooMany });

  constructor(parts: PublishParts) {
    this.#parts = parts;
  }

  /** Passes on a change of a package after its archive was accepted. */
  async change(
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const { upstream, api, index } = this.#parts;
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') throw new GatewayAnswer(415, 'a publication must not be packed');
    if (request.method === 'DELETE') {
      await api.passOn(request, response, { path, body: undefined });
      index.delete(readerOf(request.headers), name);
      return;
    }
    // A slow client keeps some memory or a file, but it cannot keep known clients from publishing.
    const isKnown = (await registryUser(request.headers, upstream)) !== undefined;
    const spool = isKnown ? this.#parts.knownSpool : this.#parts.spool;
    try {
      const checked = await this.#checked(name, request, { spool, isKnown });
      // The turn ends before the registry answers, so that others need not wait for it.
      try {
        const body = { bytes: checked.bytes, read: () => spool.read(checked) };
        await api.passOn(request, response, { path, body });
      } finally {
        await spool.drop(checked);
      }
    } finally {
      index.delete(readerOf(request.headers), name);
    }
  }

  /** The publication to pass on. */
  async #checked(
    name: string,
    request: IncomingMessage,
    { spool, isKnown }: { readonly spool: Spool; readonly isKnown: boolean },
  ): Promise<Spooled> {
    const sent = await spool.take(request);
    try {
      const read = async (): Promise<Spooled> => {
        const options = { name, upstream: this.#parts.upstream.address };
        const publication = publicationIn(await spool.whole(sent), options);
        await this.#inspect(publication, { name, request, spool });
        return spool.take(Readable.from([publication.body]));
      };
      return await this.#turns.run(read, undefined, isKnown);
    } finally {
      await spool.drop(sent);
    }
  }

  async #inspect(
    { archive }: Publication,
    { name, request, spool }: { name: string; request: IncomingMessage; spool: Spool },
  ): Promise<void> {
    if (archive === undefined) return;
    const { gate, metrics, withPage } = this.#parts;
    const spooled = await spool.take(Readable.from([archive.bytes]));
    try {
      const identity = { format: 'npm', name, version: archive.version } as const;
      const outcome = await gate.verdictOn(spooled, identity);
      if (outcome.accepted) return gate.announce(outcome);
      metrics.refused.inc({ on: 'publish' });
      const refusal = refusalOf(outcome, spooled.sha512);
      throw (await withPage?.(refusal, { identity, request })) ?? refusal;
    } finally {
      await spool.drop(spooled);
    }
  }
}

/** The registry's path of a change. */
export function changePath(name: string, target: string): string {
  const behind =
    /\/-rev\/[^/?]+$|\/-\/[^/?]+\/-rev\/[^/?]+$/.exec(target.split('?', 1)[0]!)?.[0] ?? '';
  return requestPath(name) + behind;
}
