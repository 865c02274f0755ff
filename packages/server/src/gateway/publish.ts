/* Publishes packages: a refused archive does not reach the registry. */
import { Readable } from 'node:stream';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Turns } from '@tarwarden/host';
import { GatewayAnswer, tooMany } from './answers.ts';
import type { Api } from './api.ts';
import type { DocumentReader } from './cache/document-reader.ts';
import { refusalOf, type Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { jsonValue } from './json.ts';
import { requestPath } from './paths.ts';
import { readerOf, type PackageIndex } from './package-index.ts';
import { publicationIn, type Publication } from './publication.ts';
import type { Spool, Spooled } from './spool.ts';
import { within } from './time-limit.ts';
import { bodyOf, encodingOf } from './upstream-answer.ts';
import type { GatewayUpstream } from './upstream.ts';

/** The most bytes of a publication, which contains its tarball in base64. */
export const PUBLICATION_BYTES_MAX: number = 128 * 1024 * 1024;
/** The most publications in memory at once (each several times), and the most requests that wait. */
const AT_ONCE = 1;
const WAITING_MAX = 100;
/** For the question who a client is: milliseconds, and bytes of the answer. */
const WHOAMI_LIMIT = 10_000;
const WHOAMI_BYTES_MAX = 64 * 1024;

export interface PublishParts {
  readonly upstream: GatewayUpstream;
  readonly api: Api;
  readonly gate: Gate;
  /** The spool for unknown clients' uploads. */
  readonly spool: Spool;
  /** The spool for clients that the registry knows. Others cannot fill it. */
  readonly knownSpool: Spool;
  readonly index: PackageIndex;
  readonly reader: DocumentReader;
  readonly metrics: Metrics;
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
    const { upstream, api } = this.#parts;
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') throw new GatewayAnswer(415, 'a publication must not be packed');
    if (request.method === 'DELETE') {
      await api.passOn(request, response, { path, body: undefined });
      this.#changed(name, request.headers);
      return;
    }
    // A slow client keeps some memory or a file, but it cannot keep known clients from publishing.
    const isKnown = await isKnownUser(request.headers, upstream);
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
      this.#changed(name, request.headers);
    }
  }

  /** The documents of the package are outdated. */
  #changed(name: string, headers: IncomingHttpHeaders): void {
    this.#parts.index.delete(readerOf(headers), name);
    this.#parts.reader.changed(name);
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
        await this.#inspect(name, publication, spool);
        return spool.take(Readable.from([publication.body]));
      };
      return await this.#turns.run(read, undefined, isKnown);
    } finally {
      await spool.drop(sent);
    }
  }

  async #inspect(name: string, { archive }: Publication, spool: Spool): Promise<void> {
    if (archive === undefined) return;
    const { gate, metrics } = this.#parts;
    const spooled = await spool.take(Readable.from([archive.bytes]));
    try {
      const outcome = await gate.verdictOn(spooled, {
        format: 'npm',
        name,
        version: archive.version,
      });
      if (outcome.accepted) return gate.announce(outcome);
      metrics.refused.inc({ on: 'publish' });
      throw refusalOf(outcome);
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

/**
 * Asks the registry whether it knows this client, before much is kept for it: anybody can send something. An unknown client may still
 * do what the registry allows.
 */
async function isKnownUser(
  { authorization, 'user-agent': agent }: IncomingHttpHeaders,
  upstream: GatewayUpstream,
): Promise<boolean> {
  if (authorization === undefined) return false;
  const headers = { authorization, ...(agent !== undefined && { 'user-agent': agent }) };
  try {
    return await within(WHOAMI_LIMIT, async (signal) => {
      const answer = await upstream.document('/-/whoami', headers, signal);
      const { statusCode, body } = answer;
      const encoding = encodingOf(answer);
      const said = jsonValue(await bodyOf(body, { bytesMax: WHOAMI_BYTES_MAX, encoding }));
      if (statusCode !== 200 || typeof said !== 'object' || said === null) return false;
      const { username } = said as { readonly username?: unknown };
      return typeof username === 'string' && username !== '' && username !== 'anonymous';
    });
  } catch {
    return false;
  }
}
