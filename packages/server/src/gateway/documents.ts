/* Serves documents about packages and versions, which name tarballs. */
import type { IncomingHttpHeaders } from 'node:http';
import { sha512Of } from '@tarwarden/guard';
import type { Ticket } from '../serving/turns.ts';
import type { EncodedDocument } from './accepted-encoding.ts';
import { AnswerTurns, type Turn, type Waiting } from './answer-turns.ts';
import { GatewayAnswer, UnreachableRegistry } from './answers.ts';
import type { DocumentReader } from './cache/document-reader.ts';
import {
  wantsReload,
  type RegistryDocumentRequest,
  type RegistryDocument,
  type OnCopy,
  type UseDocument,
} from './cache/document-request.ts';
import type { DocumentThreads } from './document-threads.ts';
import { EntityTags } from './entity-tags.ts';
import { Flights } from './flights.ts';
import type { PackageIndex, VersionEntry } from './package-index.ts';
import { encodedPackument, sendPackument, type PackumentRequest } from './packument-answer.ts';
import type { Working } from './packument-thread.ts';
import type { PackumentEntries } from './packument-work.ts';
import { requestPath } from './paths.ts';
import type { Sending } from './sending.ts';
import type { GatewayUpstream } from './upstream.ts';
import { DOCUMENT_BYTES_MAX, documentBody, LONG } from './upstream-answer.ts';
import type { Verdicts } from './verdicts.ts';

/** The most documents in memory at once, half of them for one client, and the most requests that wait. */
const AT_ONCE = 128;
const WAITING_MAX = 10_000;

export interface DocumentParts {
  readonly upstream: GatewayUpstream;
  /** Reads documents from the registry or the cache. */
  readonly reader: DocumentReader;
  readonly index: PackageIndex;
  readonly verdicts: Verdicts;
  /** Whether to leave out versions that are known to be refused. */
  readonly hideRefused: boolean;
  readonly sending: Sending;
  readonly threads: DocumentThreads;
}

/** The headers by which npm asks for the two kinds of a document, so that clients cannot decide what the cache has of each. */
const ACCEPT = {
  abbreviated: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
  full: 'application/json',
} as const;

/** The turn of a document in memory. */
interface DocumentTurn extends Turn {
  working?: Working;
  readonly client: string;
}

interface DocumentReading {
  readonly headers: IncomingHttpHeaders;
  readonly turn: DocumentTurn;
  readonly gone: AbortSignal;
  readonly bytesMax?: number;
  readonly onCopy?: OnCopy;
}

export class Documents {
  readonly #parts: DocumentParts;
  readonly #turns = new AnswerTurns(AT_ONCE, WAITING_MAX);
  /** Documents that are being read for their tarballs, by reader and name. */
  readonly #reading = new Flights<boolean>(() => undefined);

  constructor(parts: DocumentParts) {
    this.#parts = parts;
  }

  /** How many requests wait for their turn. */
  get waiting(): number {
    return this.#turns.waiting;
  }

  /** The entry of a tarball, if the package's document was read for this client. */
  known(name: string, file: string, headers: IncomingHttpHeaders): VersionEntry | undefined {
    const { index, upstream } = this.#parts;
    return index.find(upstream.readerOf(headers), name, file);
  }

  /** The entry of a tarball in the package's document, as this client may see it. */
  async read(
    name: string,
    file: string,
    { request: { headers }, gone, client }: PackumentRequest,
  ): Promise<VersionEntry> {
    const { authorization, 'user-agent': agent } = headers;
    const asked = {
      accept: 'application/vnd.npm.install-v1+json',
      ...(authorization !== undefined && { authorization }),
      ...(agent !== undefined && { 'user-agent': agent }),
    };
    // A copy of the document may be older than the tarball, so the second time the registry is asked.
    for (const isReload of this.#parts.reader.cache === undefined ? [true] : [false, true]) {
      const key = `${name} ${this.#parts.upstream.readerOf(headers)} ${isReload}`;
      const start = async ({ signal }: AbortController, ticket: Ticket): Promise<boolean> =>
        this.#inTurn(
          async (turn) => this.#index(name, { headers: asked, turn, gone: signal }, isReload),
          { gone: signal, client, ticket },
        );
      const { release, result: isStale } = await this.#reading.join(key, start, { gone, client });
      release();
      const found = this.known(name, file, headers);
      if (found !== undefined) return found;
      if (isStale)
        throw new UnreachableRegistry(
          'the registry does not answer, and the copy of the document has no such tarball',
        );
    }
    throw new GatewayAnswer(404, 'no version of this package has such a tarball');
  }

  /**
   * Reads a document for its tarballs, unless the ones that are known come from it.
   * @returns Whether the registry gave no answer.
   */
  async #index(name: string, reading: DocumentReading, isReload: boolean): Promise<boolean> {
    const { index, reader, upstream } = this.#parts;
    const asked = { ...this.#requestFor(name, requestPath(name), reading), isReload };
    return reader.use(asked, async (document) => {
      if (!index.renew(upstream.readerOf(reading.headers), name, document))
        await this.#entries(name, document, reading);
      return 'age' in document.staleness;
    });
  }

  async packument(name: string, asking: PackumentRequest): Promise<void> {
    const body = await this.#inTurn((turn) => this.#bodyOf(name, asking, turn), asking);
    sendPackument(asking, body, this.#parts.sending);
  }

  async #bodyOf(
    name: string,
    { request, publicUrl, gone, onCopy }: PackumentRequest,
    turn: DocumentTurn,
  ): Promise<EncodedDocument | undefined> {
    const { hideRefused, reader } = this.#parts;
    const { headers: sent, url = '' } = request;
    const tags = new EntityTags(publicUrl);
    // The upstream's tag does not change when a version becomes hidden.
    const had = hideRefused ? undefined : tags.upstreams(sent['if-none-match']);
    const reading = { headers: sent, turn, gone, onCopy };
    const asked = {
      ...this.#requestFor(name, requestPath(name), reading),
      ...(had !== undefined && { conditions: { 'if-none-match': had } }),
      // npm asks so before it changes a package.
      isReload: wantsReload(sent) || url.includes('?write=true'),
    };
    return reader.use(asked, async (document) => {
      const { headers, status, id, staleness } = document;
      if (status === 304 || (id !== undefined && had !== undefined && headers['etag'] === had))
        return undefined;
      const { working, entries } = await this.#entries(name, document, reading);
      const refused = hideRefused ? this.#refused(entries) : [];
      return encodedPackument(await working.write({ name, publicUrl, refused }), {
        type: [headers['content-type']].flat()[0],
        etag: hideRefused ? undefined : tags.own(headers['etag']),
        acceptEncoding: sent['accept-encoding'],
        staleness,
      });
    });
  }

  async manifest(
    { name, version }: { readonly name: string; readonly version: string },
    asking: PackumentRequest,
  ): Promise<void> {
    const { request, publicUrl, gone, onCopy } = asking;
    const { headers } = request;
    const path = `${requestPath(name)}/${encodeURIComponent(version)}`;
    const use: UseDocument<EncodedDocument> = async ({ read, staleness }) => {
      const written = await this.#parts.threads.manifest(await read(), { name, publicUrl }, asking);
      const acceptEncoding = headers['accept-encoding'];
      const about = { type: undefined, etag: undefined, acceptEncoding, staleness };
      return encodedPackument(written, about);
    };
    const body = await this.#inTurn(async (turn) => {
      const asked = this.#requestFor(name, path, { headers, turn, gone, bytesMax: LONG, onCopy });
      return this.#parts.reader.use({ ...asked, isReload: wantsReload(headers) }, use);
    }, asking);
    sendPackument(asking, body, this.#parts.sending);
  }

  /** How a document is asked for and read. */
  #requestFor(
    about: string,
    path: string,
    { headers, turn, gone, bytesMax = DOCUMENT_BYTES_MAX, onCopy }: DocumentReading,
  ): RegistryDocumentRequest {
    const { upstream, reader } = this.#parts;
    const variant = /install-v1\+json/.test(headers.accept ?? '') ? 'abbreviated' : 'full';
    const sent: IncomingHttpHeaders = { ...headers };
    delete sent['if-none-match'];
    delete sent['if-modified-since'];
    if (reader.cache !== undefined) sent.accept = ACCEPT[variant];
    const address = upstream.at(path);
    return {
      registry: upstream.address,
      reader: upstream.readerOf(headers),
      address,
      variant,
      variants: variant === 'full' ? [] : ['full'],
      about,
      bytesMax,
      gone,
      onCopy,
      alone: turn.alone,
      ask: async (conditions, signal) => ({
        answer: await upstream.document(path, { ...sent, ...conditions }, signal),
        url: new URL(address),
      }),
      read: async (answer) => documentBody(answer, turn, bytesMax),
    };
  }

  /** Documents are long, so only a few are in memory at once. */
  async #inTurn<Result>(
    work: (turn: DocumentTurn) => Promise<Result>,
    waiting: Waiting & { readonly gone: AbortSignal },
  ): Promise<Result> {
    const { gone } = waiting;
    return this.#turns.run(async ({ alone }) => {
      const turn: DocumentTurn = { alone, client: waiting.client };
      const end = (): void => turn.working?.end();
      gone.addEventListener('abort', end);
      try {
        return await work(turn);
      } finally {
        gone.removeEventListener('abort', end);
        end();
      }
    }, waiting);
  }

  /** Reads a document, and remembers its entries for the reader. */
  async #entries(
    name: string,
    document: RegistryDocument,
    { headers, turn, gone }: DocumentReading,
  ): Promise<{ working: Working; entries: PackumentEntries }> {
    const { upstream, index, threads } = this.#parts;
    const { working, entries } = await threads.read(await document.read(), name, {
      turn,
      gone,
      client: turn.client,
    });
    turn.working = working;
    index.set(upstream.readerOf(headers), name, entries, document);
    return { working, entries };
  }

  /** The versions whose archives are known to be refused. */
  #refused(entries: PackumentEntries): string[] {
    const { verdicts } = this.#parts;
    return [...new Set(entries.values())].flatMap(({ name, version, integrity }) => {
      const sha512 = sha512Of(integrity);
      const known = sha512 && verdicts.find(sha512, { format: 'npm', name, version });
      return known && !known.accepted ? [version] : [];
    });
  }
}
