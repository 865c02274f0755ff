/* Serves documents about packages and versions, which name tarballs. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { dropBody, sha512Of, type Ticket } from '@tarwarden/host';
import pMap from 'p-map';
import { encodedDocument, type EncodedDocument } from './accepted-encoding.ts';
import { AnswerTurns, type Turn, type Waiting } from './answer-turns.ts';
import { GatewayAnswer } from './answers.ts';
import type { DocumentThreads } from './document-threads.ts';
import { EntityTags } from './entity-tags.ts';
import { Flights } from './flights.ts';
import type { PackageIndex, VersionEntry } from './package-index.ts';
import type { Working } from './packument-thread.ts';
import type { PackumentEntries } from './packument-work.ts';
import { requestPath } from './paths.ts';
import type { Sending } from './sending.ts';
import { within } from './time-limit.ts';
import type { GatewayUpstream } from './upstream.ts';
import { ANSWER_TIME, documentBody, LONG } from './upstream-answer.ts';
import type { Verdicts } from './verdicts.ts';

/** The most documents in memory at once, half of them for one client, and the most requests that wait. */
const AT_ONCE = 128;
const WAITING_MAX = 10_000;
/** The most verdicts that are looked up at once for a document. */
const LOOKS_AT_ONCE = 32;

export interface DocumentParts {
  readonly upstream: GatewayUpstream;
  readonly index: PackageIndex;
  readonly verdicts: Verdicts;
  /** Whether to leave out versions that are known to be refused. */
  readonly hideRefused: boolean;
  readonly sending: Sending;
  readonly threads: DocumentThreads;
}

/** The turn of a document in memory. */
interface DocumentTurn extends Turn {
  working?: Working;
  readonly client: string;
}

interface DocumentReading {
  readonly headers: IncomingHttpHeaders;
  readonly turn: DocumentTurn;
  readonly gone: AbortSignal;
}

export interface PackumentRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The address that clients use; undefined if the registry writes it into its documents itself. */
  readonly publicUrl: string | undefined;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
  /** The client, as `requestClient` names it. */
  readonly client: string;
}

export class Documents {
  readonly #parts: DocumentParts;
  readonly #turns = new AnswerTurns(AT_ONCE, WAITING_MAX);
  /** Documents that are being read for their tarballs, by reader and name. */
  readonly #reading = new Flights<unknown>(() => undefined);

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
    const key = `${name} ${this.#parts.upstream.readerOf(headers)}`;
    const start = async ({ signal }: AbortController, ticket: Ticket): Promise<unknown> =>
      this.#inTurn(async (turn) => this.#packument(name, { headers: asked, turn, gone: signal }), {
        gone: signal,
        client,
        ticket,
      });
    const { release } = await this.#reading.join(key, start, { gone, client });
    release();
    const found = this.known(name, file, headers);
    if (found === undefined)
      throw new GatewayAnswer(404, 'no version of this package has such a tarball');
    return found;
  }

  async packument(name: string, asking: PackumentRequest): Promise<void> {
    const body = await this.#inTurn((turn) => this.#bodyOf(name, asking, turn), asking);
    sendBody(asking, body, this.#parts.sending);
  }

  async #bodyOf(
    name: string,
    { request: { headers: sent }, publicUrl, gone }: PackumentRequest,
    turn: DocumentTurn,
  ): Promise<EncodedDocument | undefined> {
    const { hideRefused } = this.#parts;
    const tags = new EntityTags(publicUrl ?? '');
    const asked = { ...sent };
    delete asked['if-none-match'];
    delete asked['if-modified-since'];
    // The upstream's tag does not change when a version becomes hidden.
    const had = hideRefused ? undefined : tags.upstreams(sent['if-none-match']);
    if (had !== undefined) asked['if-none-match'] = had;
    const got = await this.#packument(name, { headers: asked, turn, gone });
    if (got === undefined) return undefined;
    const { working, entries, headers } = got;
    const refused = hideRefused ? await this.#refused(entries) : [];
    return packed(await working.write({ name, publicUrl, refused }), {
      type: headers['content-type'],
      etag: hideRefused ? undefined : tags.own(headers.etag),
      acceptEncoding: sent['accept-encoding'],
    });
  }

  async manifest(
    { name, version }: { readonly name: string; readonly version: string },
    asking: PackumentRequest,
  ): Promise<void> {
    const { upstream } = this.#parts;
    const { request, publicUrl, gone } = asking;
    const path = `${requestPath(name)}/${encodeURIComponent(version)}`;
    const headers = { ...request.headers };
    delete headers['if-none-match'];
    delete headers['if-modified-since'];
    const body = await this.#inTurn(async (turn) => {
      const bytesMax = LONG;
      const bytes = await within(
        ANSWER_TIME,
        async (signal) =>
          documentBody(await upstream.document(path, headers, signal), turn, bytesMax),
        gone,
      );
      const written = await this.#parts.threads.manifest(bytes, { name, publicUrl }, asking);
      const acceptEncoding = request.headers['accept-encoding'];
      return packed(written, { type: undefined, etag: undefined, acceptEncoding });
    }, asking);
    sendBody(asking, body, this.#parts.sending);
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

  /** Undefined if the client has the current document. */
  async #packument(
    name: string,
    { headers, turn, gone }: DocumentReading,
  ): Promise<
    { working: Working; entries: PackumentEntries; headers: IncomingHttpHeaders } | undefined
  > {
    const { upstream, index, threads } = this.#parts;
    const path = requestPath(name);
    const got = await within(
      ANSWER_TIME,
      async (signal) => {
        const answer = await upstream.document(path, headers, signal);
        if (answer.statusCode !== 304 || headers['if-none-match'] === undefined)
          return { answer, bytes: await documentBody(answer, turn) };
        dropBody(answer.body);
        return undefined;
      },
      gone,
    );
    if (got === undefined) return undefined;
    const { answer, bytes } = got;
    const options = { name, tarballsAt: upstream.tarballsAt(path) };
    const { working, entries } = await threads.read(bytes, options, {
      turn,
      gone,
      client: turn.client,
    });
    turn.working = working;
    index.set(upstream.readerOf(headers), name, entries);
    return { working, entries, headers: answer.headers };
  }

  /** The versions whose archives are known to be refused. Many are looked up at once, because the storage may be remote. */
  async #refused(entries: PackumentEntries): Promise<string[]> {
    const { verdicts } = this.#parts;
    const refused: string[] = [];
    const look = async ({ name, version, integrity }: VersionEntry): Promise<void> => {
      const sha512 = sha512Of(integrity);
      const known = sha512 && (await verdicts.find(sha512, { format: 'npm', name, version }));
      if (known && !known.accepted) refused.push(version);
    };
    await pMap(new Set(entries.values()), look, { concurrency: LOOKS_AT_ONCE });
    return refused;
  }
}

/** Documents may be private. */
const CACHE = 'private, no-cache';

type PackedHeaders = Readonly<Record<'type' | 'etag' | 'acceptEncoding', string | undefined>>;

async function packed(
  plain: Buffer,
  { type, etag, acceptEncoding }: PackedHeaders,
): Promise<EncodedDocument> {
  const { bytes, headers } = await encodedDocument(plain, acceptEncoding);
  const known = /^application\/(?:json|vnd\.npm\.install-v1\+json)\b/.exec(type ?? '')?.[0];
  return {
    bytes,
    headers: {
      'content-type': known ?? 'application/json',
      ...headers,
      ...(etag !== undefined && { etag }),
    },
  };
}

/** `body`: undefined if the client has it. */
function sendBody(
  { request, response }: PackumentRequest,
  body: EncodedDocument | undefined,
  sending: Sending,
): void {
  const common = { 'cache-control': CACHE, vary: 'accept, accept-encoding, authorization' };
  if (body === undefined) {
    response.writeHead(304, { ...common, etag: request.headers['if-none-match'] }).end();
    return;
  }
  const { bytes, headers } = body;
  const nosniff = { 'x-content-type-options': 'nosniff' };
  sending.end(response, bytes, { status: 200, headers: { ...common, ...headers, ...nosniff } });
}
