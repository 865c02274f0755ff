/* Changes of packages: what is refused does not reach the registry. */
import { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayAnswer } from './answers.ts';
import type { Api } from './api.ts';
import { refusalOf, type Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { isKnownUser } from './known-user.ts';
import { pathOf } from './paths.ts';
import { readerOf, type PackageIndex } from './package-index.ts';
import { publicationIn, type Publication } from './publication.ts';
import type { Spool, Spooled } from './spool.ts';
import { Turns } from './turns.ts';
import type { Upstream } from './upstream.ts';

/** Bytes of a publication: its tarball is in it in base64. */
export const PUBLICATION_BYTES_MAX: number = 128 * 1024 * 1024;
/** Publications in memory at once, each several times, and requests that wait: until one is inspected. */
const AT_ONCE = 1;
const WAITING_MAX = 100;

export interface PublishParts {
  readonly upstream: Upstream;
  readonly api: Api;
  readonly gate: Gate;
  /** Of what clients send. */
  readonly spool: Spool;
  /** Of what those send whom the registry knows: others cannot fill it. */
  readonly knownSpool: Spool;
  readonly index: PackageIndex;
  readonly metrics: Metrics;
}

export class Publishing {
  readonly #parts: PublishParts;
  readonly #turns = new Turns(AT_ONCE, WAITING_MAX);

  constructor(parts: PublishParts) {
    this.#parts = parts;
  }

  /** Passes on a change of a package once the archive in it is accepted. */
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
    // A client that sends slowly keeps some memory or a file, and nobody whom the registry knows from publishing.
    const isKnown = await isKnownUser(request.headers, upstream);
    const spool = isKnown ? this.#parts.knownSpool : this.#parts.spool;
    try {
      const checked = await this.#checked(name, request, { spool, isKnown });
      // Others need not wait for what the registry says to this.
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

  /** A publication as it is passed on. */
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

/** The path of a change at the registry. */
export function changePath(name: string, target: string): string {
  const behind =
    /\/-rev\/[^/?]+$|\/-\/[^/?]+\/-rev\/[^/?]+$/.exec(target.split('?', 1)[0]!)?.[0] ?? '';
  return pathOf(name) + behind;
}
