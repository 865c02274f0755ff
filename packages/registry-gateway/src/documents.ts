/* Documents about packages and versions, which name tarballs. */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { sha512Of } from '@tarwarden/host';
import { GatewayAnswer } from './answers.ts';
import type { PackageIndex, VersionEntry } from './package-index.ts';
import {
  entriesOf,
  rewriteManifest,
  rewritePackument,
  withoutVersions,
  type Manifest,
  type Packument,
} from './packument.ts';
import { pathOf } from './paths.ts';
import { bodyOf, type Upstream } from './upstream.ts';
import type { Verdicts } from './verdicts.ts';

/** Bytes of a document, unpacked. The longest of npmjs have some 100 MB. */
const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;
/** Below this a document is sent as it is. */
const GZIP_FROM = 2048;
/** At the end of an entity tag: this document is not the upstream's. */
const TAG = '-tarwarden';

const pack = promisify(gzip);

export interface DocumentParts {
  readonly upstream: Upstream;
  readonly index: PackageIndex;
  readonly verdicts: Verdicts;
  readonly publicUrl: string;
  /** Whether versions that are known to be refused are left out. */
  readonly hideRefused: boolean;
}

export class Documents {
  readonly #parts: DocumentParts;

  constructor(parts: DocumentParts) {
    this.#parts = parts;
  }

  /** What is known of a tarball: as its document said last, or says now to whoever asks. */
  async entry(name: string, file: string, headers: IncomingHttpHeaders): Promise<VersionEntry> {
    const { index } = this.#parts;
    const known = index.find(name, file);
    if (known !== undefined) return known;
    const { authorization, 'user-agent': agent } = headers;
    const asked = {
      accept: 'application/vnd.npm.install-v1+json',
      ...(authorization !== undefined && { authorization }),
      ...(agent !== undefined && { 'user-agent': agent }),
    };
    await this.#packument(name, asked);
    const found = index.find(name, file);
    if (found === undefined)
      throw new GatewayAnswer(404, 'no version of this package has such a tarball');
    return found;
  }

  async packument(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { hideRefused, publicUrl } = this.#parts;
    const asked = { ...request.headers };
    const tag = asked['if-none-match'];
    // What is hidden changes without the upstream's document.
    if (hideRefused || tag === undefined || !tag.includes(TAG)) delete asked['if-none-match'];
    else asked['if-none-match'] = tag.replaceAll(TAG, '');
    delete asked['if-modified-since'];
    const got = await this.#packument(name, asked);
    if (got === undefined) {
      response.writeHead(304, { etag: tag, 'cache-control': CACHE }).end();
      return;
    }
    const { document, headers } = got;
    if (hideRefused) await this.#hide(document, name);
    rewritePackument(document, { name, publicUrl });
    const etag =
      typeof headers.etag === 'string' ? headers.etag.replace(/"$/, `${TAG}"`) : undefined;
    await send(request, response, document, {
      type: headers['content-type'],
      etag: hideRefused ? undefined : etag,
    });
  }

  async manifest(
    { name, version }: { readonly name: string; readonly version: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { upstream, publicUrl } = this.#parts;
    const path = `${pathOf(name)}/${encodeURIComponent(version)}`;
    const headers = { ...request.headers };
    delete headers['if-none-match'];
    const manifest = (await documentOf(
      await upstream.document(path, headers),
      DOCUMENT_BYTES_MAX,
    )) as Manifest;
    if (typeof manifest.version !== 'string')
      throw new GatewayAnswer(502, 'the registry sent no manifest');
    rewriteManifest(manifest, manifest.version, { name, publicUrl });
    await send(request, response, manifest, { type: 'application/json', etag: undefined });
  }

  /** Undefined where the document is what the client has. */
  async #packument(
    name: string,
    headers: IncomingHttpHeaders,
  ): Promise<{ document: Packument; headers: IncomingHttpHeaders } | undefined> {
    const { upstream, index } = this.#parts;
    const answer = await upstream.document(pathOf(name), headers);
    if (answer.statusCode === 304) {
      await answer.body.dump();
      return undefined;
    }
    const document = (await documentOf(answer, DOCUMENT_BYTES_MAX)) as Packument;
    index.set(name, entriesOf(document, name));
    return { document, headers: answer.headers };
  }

  async #hide(document: Packument, name: string): Promise<void> {
    const { verdicts } = this.#parts;
    const refused = new Set<string>();
    for (const [version, { dist }] of Object.entries(document.versions ?? {})) {
      const sha512 = sha512Of(typeof dist?.integrity === 'string' ? dist.integrity : undefined);
      const known = sha512 && (await verdicts.find(sha512, { name, version }));
      if (known && !known.accepted) refused.add(version);
    }
    if (refused.size > 0) withoutVersions(document, (version) => refused.has(version));
  }
}

/** Documents may be private. */
const CACHE = 'private, no-cache';

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  document: object,
  { type, etag }: { readonly type: unknown; readonly etag: string | undefined },
): Promise<void> {
  const plain = Buffer.from(JSON.stringify(document));
  const packs =
    plain.length >= GZIP_FROM && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const body = packs ? await pack(plain, { level: constants.Z_BEST_SPEED }) : plain;
  response.writeHead(200, {
    'content-type': typeof type === 'string' ? type : 'application/json',
    'content-length': body.length,
    'cache-control': CACHE,
    vary: 'accept, accept-encoding, authorization',
    ...(packs && { 'content-encoding': 'gzip' }),
    ...(etag !== undefined && { etag }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * The JSON object of an answer.
 * @throws GatewayAnswer for any other.
 */
export async function documentOf(
  answer: Awaited<ReturnType<Upstream['document']>>,
  bytesMax: number,
): Promise<object> {
  const encoding = answer.headers['content-encoding'];
  const body = await bodyOf(answer.body, { bytesMax, encoding: [encoding].flat()[0] });
  if (answer.statusCode !== 200) {
    const passed = answer.statusCode >= 400 && answer.statusCode < 500 ? answer.statusCode : 502;
    throw new GatewayAnswer(passed, `the registry answers ${answer.statusCode}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new GatewayAnswer(502, 'the registry sent what is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GatewayAnswer(502, 'the registry sent what is not a document');
  return value;
}
