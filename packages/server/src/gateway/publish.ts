/* Publishes packages: a refused archive does not reach the registry. */
import { Readable } from 'node:stream';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Turns } from '../serving/turns.ts';
import { GatewayAnswer, tooMany } from './answers.ts';
import type { Api } from './api.ts';
import type { DocumentReader } from './cache/document-reader.ts';
import type { Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { requestPath } from './paths.ts';
import type { PackageIndex } from './package-index.ts';
import type { DocumentThreads } from './document-threads.ts';
import type { Publication } from './publication.ts';
import { requestClient } from './request-record.ts';
import type { Spool, Spooled } from './spool.ts';
import type { GatewayUpstream } from './upstream.ts';
import type { Users } from './users.ts';

/** The most publications in memory at once (each several times), one of each client, and the most requests that wait. */
const AT_ONCE = 2;
const WAITING_MAX = 100;

export interface PublishParts {
  readonly upstream: GatewayUpstream;
  /** Unknown clients may do what the registry allows, but share the room for uploads: anybody can send something. */
  readonly users: Users;
  readonly threads: DocumentThreads;
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
    parts.metrics.waits.add('publication', this.#turns);
  }

  /** Passes on a change of a package after its archive was accepted. */
  async change(
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const { users, api } = this.#parts;
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') throw new GatewayAnswer(415, 'a publication must not be packed');
    // A slow client keeps some memory or a file, but it cannot keep known clients from publishing.
    const client = requestClient(request);
    try {
      if (request.method === 'DELETE')
        return await api.passOn(request, response, { path, body: undefined });
      const isKnown = (await users.ask(request.headers, client, { again: true })) !== undefined;
      const spool = isKnown ? this.#parts.knownSpool : this.#parts.spool;
      const checked = await this.#checked(name, request, { spool, isKnown });
      // The turn ends before the registry answers, so that others need not wait for it.
      try {
        const body = { bytes: checked.bytes, read: () => spool.read(checked) };
        await api.passOn(request, response, { path, body });
      } finally {
        await spool.drop(checked);
      }
    } finally {
      // Also if the registry has made the change and its answer is lost.
      this.#changed(name, request.headers);
    }
  }

  /** The documents of the package are outdated. */
  #changed(name: string, headers: IncomingHttpHeaders): void {
    const { index, upstream } = this.#parts;
    index.delete(upstream.readerOf(headers), name);
    this.#parts.reader.changed(name);
  }

  /** The publication to pass on. */
  async #checked(
    name: string,
    request: IncomingMessage,
    { spool, isKnown }: { readonly spool: Spool; readonly isKnown: boolean },
  ): Promise<Spooled> {
    const { threads, upstream } = this.#parts;
    const client = requestClient(request);
    const sent = await spool.take(request);
    const reading = async (): Promise<Spooled> => {
      const options = { name, upstream: upstream.address };
      const content = await spool.whole(sent);
      await drop();
      const publication = await threads.publication(content, options, { client });
      await this.#inspect(publication, { name, spool, client });
      return spool.take(Readable.from([publication.body]), { client });
    };
    let isDropped = false;
    const drop = async (): Promise<void> => {
      if (!isDropped) await spool.drop(sent);
      isDropped = true;
    };
    try {
      return await this.#turns.run(reading, { client, isKnown });
    } finally {
      await drop();
    }
  }

  async #inspect(
    { archive }: Publication,
    {
      name,
      spool,
      client,
    }: { readonly name: string; readonly spool: Spool; readonly client: string },
  ): Promise<void> {
    if (archive === undefined) return;
    const { gate, metrics } = this.#parts;
    const spooled = await spool.take(Readable.from([archive.bytes]));
    try {
      const identity = { format: 'npm', name, version: archive.version } as const;
      const outcome = await gate.verdictOn(spooled, identity, client);
      if (outcome.accepted) return gate.announce(outcome);
      metrics.refused.inc({ on: 'publish' });
      throw gate.refusalOf(outcome);
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
