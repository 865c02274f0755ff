/* Documents about packages and versions, which name tarballs. */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { ByteBudget, sha512Of, type ByteShare, dropBody } from '@tarwarden/host';
import { acceptsGzip } from './accepted-encoding.ts';
import { GatewayAnswer, passedHeaders } from './answers.ts';
import { EntityTags } from './entity-tags.ts';
import { Flights } from './flights.ts';
import { notArchive, parseJson, valuesIn } from './json.ts';
import { readerOf, type PackageIndex, type VersionEntry } from './package-index.ts';
import {
  entriesOf,
  isManifest,
  packumentIn,
  rewriteManifest,
  rewritePackument,
  withoutVersions,
  type Packument,
} from './packument.ts';
import { isVersion, pathOf } from './paths.ts';
import { Turns } from './turns.ts';
import type { Sending } from './sending.ts';
import { within } from './time-limit.ts';
import type { Upstream } from './upstream.ts';
import { ANSWER_TIME, bodyOf, encodingOf, LONG, type Answer } from './upstream-answer.ts';
import type { Verdicts } from './verdicts.ts';

/** Bytes of a document, unpacked. The longest of npmjs have some 100 MB. */
const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;
/** Values in it. One of 100 MB has 4 million. */
const VALUES_MAX = 4_000_000;
/** Of these, so many that such documents are in memory one after another. */
const VALUES_LONG = 100_000;
/** Versions in it. */
const VERSIONS_MAX = 100_000;
/** Below this a document is sent as it is. */
const GZIP_FROM = 2048;
/** Documents in memory at once, and requests that wait for their turn. */
const AT_ONCE = 64;
const WAITING_MAX = 10_000;
/** Verdicts that are looked for at once for a document. */
const LOOKS_AT_ONCE = 32;

const pack = promisify(gzip);

export interface DocumentParts {
  readonly upstream: Upstream;
  readonly index: PackageIndex;
  readonly verdicts: Verdicts;
  /** Whether versions that are known to be refused are left out. */
  readonly hideRefused: boolean;
  readonly sending: Sending;
}

export interface Asking {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the client knows the gateway by; undefined where the registry writes it into its documents itself. */
  readonly publicUrl: string | undefined;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
}

export class Documents {
  readonly #parts: DocumentParts;
  readonly #turns = new Turns(AT_ONCE, WAITING_MAX);
  /** Long ones are in memory one after another. */
  readonly #long = new ByteBudget(0);
  /** Documents that are read for their tarballs, by reader and name. */
  readonly #reading = new Flights<unknown>(() => undefined);

  constructor(parts: DocumentParts) {
    this.#parts = parts;
  }

  /** What is known of a tarball, if it is known now. */
  known(name: string, file: string, headers: IncomingHttpHeaders): VersionEntry | undefined {
    return this.#parts.index.find(readerOf(headers), name, file);
  }

  /** What the package's document says of a tarball to whoever asks. */
  async read(
    name: string,
    file: string,
    { headers, gone }: { readonly headers: IncomingHttpHeaders; readonly gone: AbortSignal },
  ): Promise<VersionEntry> {
    const { authorization, 'user-agent': agent } = headers;
    const asked = {
      accept: 'application/vnd.npm.install-v1+json',
      ...(authorization !== undefined && { authorization }),
      ...(agent !== undefined && { 'user-agent': agent }),
    };
    const key = `${name} ${readerOf(headers)}`;
    const start = async ({ signal }: AbortController): Promise<unknown> =>
      this.#inTurn(
        async (share) => this.#packument(name, { headers: asked, share, gone: signal }),
        signal,
      );
    const { release } = await this.#reading.join(key, start, gone);
    release();
    const found = this.known(name, file, headers);
    if (found === undefined)
      throw new GatewayAnswer(404, 'no version of this package has such a tarball');
    return found;
  }

  async packument(name: string, asking: Asking): Promise<void> {
    const body = await this.#inTurn((share) => this.#bodyOf(name, asking, share), asking.gone);
    sendBody(asking, body, this.#parts.sending);
  }

  async #bodyOf(
    name: string,
    { request: { headers: sent }, publicUrl, gone }: Asking,
    share: ByteShare,
  ): Promise<Body | undefined> {
    const { hideRefused } = this.#parts;
    const tags = new EntityTags(publicUrl ?? '');
    const asked = { ...sent };
    delete asked['if-none-match'];
    delete asked['if-modified-since'];
    // What is hidden changes without the upstream's document.
    const had = hideRefused ? undefined : tags.upstreams(sent['if-none-match']);
    if (had !== undefined) asked['if-none-match'] = had;
    const got = await this.#packument(name, { headers: asked, share, gone });
    if (got === undefined) return undefined;
    const { document, headers } = got;
    if (hideRefused) await this.#hide(document, name);
    rewritePackument(document, { name, publicUrl });
    return packed(document, {
      type: headers['content-type'],
      etag: hideRefused ? undefined : tags.own(headers.etag),
      acceptEncoding: sent['accept-encoding'],
    });
  }

  async manifest(
    { name, version }: { readonly name: string; readonly version: string },
    asking: Asking,
  ): Promise<void> {
    const { upstream } = this.#parts;
    const { request, publicUrl, gone } = asking;
    const path = `${pathOf(name)}/${encodeURIComponent(version)}`;
    const headers = { ...request.headers };
    delete headers['if-none-match'];
    delete headers['if-modified-since'];
    const body = await this.#inTurn(async (share) => {
      const manifest = await within(
        ANSWER_TIME,
        async (signal) => documentOf(await upstream.document(path, headers, signal), share),
        gone,
      );
      if (!isManifest(manifest) || !isVersion(manifest.version))
        throw new GatewayAnswer(502, 'the registry sent no manifest');
      rewriteManifest(manifest, manifest.version, { name, publicUrl });
      const acceptEncoding = request.headers['accept-encoding'];
      return packed(manifest, { type: undefined, etag: undefined, acceptEncoding });
    }, gone);
    sendBody(asking, body, this.#parts.sending);
  }

  /** Documents are long: few of them are in memory at once. */
  async #inTurn<Result>(
    work: (share: ByteShare) => Promise<Result>,
    gone: AbortSignal,
  ): Promise<Result> {
    return this.#turns.run(async () => {
      const share = this.#long.share();
      try {
        return await work(share);
      } finally {
        share.release();
      }
    }, gone);
  }

  /** Undefined where the document is what the client has. */
  async #packument(
    name: string,
    {
      headers,
      share,
      gone,
    }: {
      readonly headers: IncomingHttpHeaders;
      readonly share: ByteShare;
      readonly gone: AbortSignal;
    },
  ): Promise<{ document: Packument; headers: IncomingHttpHeaders } | undefined> {
    const { upstream, index } = this.#parts;
    const read = async (
      signal: AbortSignal,
    ): Promise<{ document: Packument; headers: IncomingHttpHeaders } | undefined> => {
      const answer = await upstream.document(pathOf(name), headers, signal);
      if (answer.statusCode === 304 && headers['if-none-match'] !== undefined) {
        dropBody(answer.body);
        return undefined;
      }
      const document = packumentIn(await documentOf(answer, share));
      if (Object.keys(document.versions).length > VERSIONS_MAX)
        throw new GatewayAnswer(502, `a document of more than ${VERSIONS_MAX} versions`);
      const path = pathOf(name);
      const addressAt = (tarball: string): string => upstream.tarballAddress(tarball, path);
      index.set(readerOf(headers), name, entriesOf(document, name, addressAt));
      return { document, headers: answer.headers };
    };
    return within(ANSWER_TIME, read, gone);
  }

  /** Many at once: each may be a question to a storage elsewhere. */
  async #hide(document: Packument, name: string): Promise<void> {
    const { verdicts } = this.#parts;
    const refused = new Set<string>();
    const left = Object.entries(document.versions);
    const look = async (): Promise<void> => {
      for (let one = left.pop(); one !== undefined; one = left.pop()) {
        const [version, { dist }] = one;
        const sha512 = sha512Of(typeof dist?.integrity === 'string' ? dist.integrity : undefined);
        const known = sha512 && (await verdicts.find(sha512, { format: 'npm', name, version }));
        if (known && !known.accepted) refused.add(version);
      }
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, look));
    if (refused.size > 0) withoutVersions(document, (version) => refused.has(version));
  }
}

/** Documents may be private. */
const CACHE = 'private, no-cache';

interface Body {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

async function packed(
  document: object,
  {
    type,
    etag,
    acceptEncoding = '',
  }: {
    readonly type: string | undefined;
    readonly etag: string | undefined;
    readonly acceptEncoding: string | undefined;
  },
): Promise<Body> {
  const plain = notArchive(Buffer.from(JSON.stringify(document)));
  const packs = plain.length >= GZIP_FROM && acceptsGzip(acceptEncoding);
  const known = /^application\/(?:json|vnd\.npm\.install-v1\+json)\b/.exec(type ?? '')?.[0];
  return {
    bytes: packs ? await pack(plain, { level: constants.Z_BEST_SPEED }) : plain,
    headers: {
      'content-type': known ?? 'application/json',
      ...(packs && { 'content-encoding': 'gzip' }),
      ...(etag !== undefined && { etag }),
    },
  };
}

/** `body`: undefined where the client has it. */
function sendBody({ request, response }: Asking, body: Body | undefined, sending: Sending): void {
  const common = { 'cache-control': CACHE, vary: 'accept, accept-encoding, authorization' };
  if (body === undefined) {
    response.writeHead(304, { ...common, etag: request.headers['if-none-match'] }).end();
    return;
  }
  const { bytes, headers } = body;
  const nosniff = { 'x-content-type-options': 'nosniff' };
  sending.end(response, bytes, { status: 200, headers: { ...common, ...headers, ...nosniff } });
}

/**
 * The JSON object of an answer.
 * @throws GatewayAnswer for any other.
 */
async function documentOf(answer: Answer, share: ByteShare): Promise<object> {
  const body = await bodyOf(answer.body, {
    bytesMax: DOCUMENT_BYTES_MAX,
    encoding: encodingOf(answer),
    onLong: () => share.growAlone(),
  });
  if (answer.statusCode !== 200) {
    const passed = answer.statusCode >= 400 && answer.statusCode < 500 ? answer.statusCode : 502;
    throw new GatewayAnswer(passed, `the registry answers ${answer.statusCode}`, {
      ...(passed === answer.statusCode && { headers: passedHeaders(answer.headers) }),
    });
  }
  // What is long was alone before it was read.
  if (body.length <= LONG && valuesIn(body) > VALUES_LONG) await share.growAlone();
  const value = parseJson(body, { valuesMax: VALUES_MAX, status: 502 });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GatewayAnswer(502, 'the registry sent what is not a document');
  return value;
}
