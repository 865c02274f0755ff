/* Serves RubyGems and Bundler: a source of gems. All addresses are relative to the source, so nothing is rewritten. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { GatewayAnswer, plainHeaders, GatewayRefusal } from '../answers.ts';
import { isReading, type Face, type FaceParts } from '../face.ts';
import { Patience } from '../patience.ts';
import { isPackedArchive } from '../readable-archive.ts';
import { waitingClient } from '../gone.ts';
import { sendArchive } from '../tarball.ts';
import { noArchive, sendDocument, PassedTexts } from '../texts.ts';
import { GEM_TRIAL, type GatewayTrial } from '../trials.ts';
import { checkedMarshalled, MARSHALLED_BYTES_MAX } from './marshalled.ts';
import { gemsAskedBy, type GemsRequest } from './requests.ts';

/** The most bytes of a text: the list of all versions at rubygems.org has some 25 million. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;
/** Milliseconds. RubyGems gives up a request after a minute without a byte, and Bundler retries. */
const PATIENCE = 60_000;
/** Headers of conditional and partial requests. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'range', 'if-range'] as const;
/** Headers by which clients recognise the content that they have. */
const SAID = ['etag', 'last-modified', 'content-range', 'digest', 'repr-digest'] as const;
/** Names, versions, platforms and requirements contain no slash. */
const LEADS_ELSEWHERE = /^[^\n|]*[/\\]/m;
const ONE_PART = /^bytes=\d{1,15}-\d{0,15}$/;

type Document = Exclude<GemsRequest, { readonly kind: 'gem' | 'nothing' }>;

export class RubyGemsFace implements Face {
  readonly errors = 'text';
  readonly trials: readonly GatewayTrial[] = [GEM_TRIAL];
  readonly #parts: FaceParts;
  readonly #texts: PassedTexts;
  readonly #patience = new Patience(PATIENCE);

  constructor(parts: FaceParts) {
    this.#parts = parts;
    this.#texts = new PassedTexts(parts);
    parts.open.metrics.waits.add('document', this.#texts);
  }

  loggable(target: string): GemsRequest {
    return gemsAskedBy(target);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isReading(request))
      throw new GatewayAnswer(
        404,
        'gems are not pushed through this gateway: use the source itself',
      );
    const asked = gemsAskedBy(request.url ?? '/');
    switch (asked.kind) {
      case 'nothing':
        throw new GatewayAnswer(404, 'there is nothing here that a gateway passes on');
      case 'gem': {
        const offered = {
          identity: { format: 'gem', fileName: asked.fileName } as const,
          promised: {},
          address: this.#parts.upstream.at(asked.path),
          patience: this.#patience,
        };
        return sendArchive(request, response, { ...this.#parts, offered });
      }
      default:
        return this.#document(asked, request, response);
    }
  }

  async #document(
    asked: Document,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const isText = asked.kind === 'names' || asked.kind === 'info';
    const more = conditionsOf(request.headers, isText);
    const options = {
      headers: request.headers,
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      bytesMax: isText ? TEXT_BYTES_MAX : MARSHALLED_BYTES_MAX,
      more,
      also: statusesFor(more),
      ...waitingClient(request, response),
    } as const;
    const address = this.#parts.upstream.at(asked.path);
    await this.#texts.use(address, options, async ({ status, headers: all, body, staleness }) => {
      const headers = { ...plainHeaders(all, SAID), ...staleness };
      if (status === 304 || options.method === 'HEAD') {
        response.writeHead(status, { ...headers, 'cache-control': 'private, no-cache' }).end();
        return;
      }
      const checked = await checkedDocument(body, asked.kind);
      const type = isText ? 'text/plain; charset=utf-8' : 'application/octet-stream';
      const { sending } = this.#parts;
      await sendDocument(request, response, { body: checked, type, status, headers, sending });
    });
  }
}

async function checkedDocument(body: Buffer, kind: Document['kind']): Promise<Buffer> {
  if (kind === 'names') return noArchive(body, isPackedArchive);
  return kind === 'info' ? withoutPaths(noArchive(body)) : checkedMarshalled(body, kind);
}

/**
 * Checks the list of a gem's versions: clients make paths and addresses from platforms and dependency names. Text after the bar of
 * a line is used for neither. @throws GatewayRefusal
 */
function withoutPaths(info: Buffer): Buffer {
  if (LEADS_ELSEWHERE.test(info.toString('latin1')))
    throw new GatewayRefusal('tarwarden: a gem, or one that it depends on, has the name of a path');
  return info;
}

/** Partial requests are passed on for texts only, because a part of compressed data cannot be checked. */
function conditionsOf(headers: IncomingHttpHeaders, isText: boolean): Record<string, string> {
  const asked = CONDITIONS.filter((name) => isText || !/range/.test(name)).flatMap((name) => {
    const value = headers[name];
    // Several ranges would be answered in another format.
    const isTaken = name !== 'range' || ONE_PART.test(String(value));
    return typeof value === 'string' && isTaken ? [[name, value]] : [];
  });
  const conditions = Object.fromEntries(asked) as Record<string, string>;
  // Ranges of compressed and uncompressed bytes differ.
  const isPlain = !isText || conditions['range'] !== undefined;
  return { ...conditions, ...(isPlain && { 'accept-encoding': 'identity' }) };
}

/** A client gets a part or "not modified" only if it asked for that. */
function statusesFor(conditions: Readonly<Record<string, string>>): number[] {
  const asksForNew = 'if-none-match' in conditions || 'if-modified-since' in conditions;
  return [...('range' in conditions ? [206] : []), ...(asksForNew ? [304] : [])];
}
