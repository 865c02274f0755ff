/* Publications: what is refused does not reach the registry. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasIntegrity } from '@tarwarden/host';
import { GatewayAnswer } from './answers.ts';
import { passOn } from './api.ts';
import { refusalOf, type Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { pathOf } from './paths.ts';
import type { PackageIndex } from './package-index.ts';
import type { Spool } from './spool.ts';
import type { Upstream } from './upstream.ts';

/** Bytes of a publication: its tarball is in it in base64. */
const PUBLICATION_BYTES_MAX = 128 * 1024 * 1024;
/** Publications in memory at once. */
const AT_ONCE = 2;

export interface PublishParts {
  readonly upstream: Upstream;
  readonly gate: Gate;
  readonly spool: Spool;
  readonly index: PackageIndex;
  readonly metrics: Metrics;
}

interface Publication {
  readonly name?: unknown;
  readonly versions?: Record<string, { readonly version?: unknown; readonly dist?: Dist }>;
  readonly _attachments?: Record<
    string,
    { readonly data?: unknown; readonly content_type?: unknown }
  >;
}

interface Dist {
  readonly integrity?: unknown;
  readonly shasum?: unknown;
}

export class Publishing {
  readonly #parts: PublishParts;
  #underWay = 0;

  constructor(parts: PublishParts) {
    this.#parts = parts;
  }

  /** Passes on a change of a package once all archives in it are accepted. */
  async change(
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    if (this.#underWay >= AT_ONCE) throw new GatewayAnswer(503, 'other publications are under way');
    this.#underWay += 1;
    try {
      const body = await this.#bodyOf(request);
      if (body.length > 0) await this.#inspect(name, body);
      await passOn(request, response, { upstream: this.#parts.upstream, path, body });
      this.#parts.index.delete(name);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #bodyOf(request: IncomingMessage): Promise<Buffer> {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > PUBLICATION_BYTES_MAX)
        throw new GatewayAnswer(
          413,
          `a publication of more than ${PUBLICATION_BYTES_MAX} bytes is not inspected`,
        );
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  async #inspect(name: string, body: Buffer): Promise<void> {
    const publication = parse(body);
    if (publication.name !== undefined && publication.name !== name)
      throw new GatewayAnswer(400, 'the publication is of another package than its address');
    const attachments = Object.entries(publication._attachments ?? {});
    for (const [file, { data, content_type: type }] of attachments) {
      if (typeof data !== 'string')
        throw new GatewayAnswer(400, `the attachment ${file} has no data`);
      const bytes = Buffer.from(data, 'base64');
      // npm adds what Sigstore signed.
      if (!file.endsWith('.tgz') && String(type).includes('sigstore') && isJson(bytes)) continue;
      await this.#archive({ name, file, bytes, publication });
    }
  }

  async #archive({
    name,
    file,
    bytes,
    publication,
  }: {
    readonly name: string;
    readonly file: string;
    readonly bytes: Buffer;
    readonly publication: Publication;
  }): Promise<void> {
    const { spool, gate, metrics } = this.#parts;
    const [version, ...others] = Object.keys(publication.versions ?? {});
    if (version === undefined || others.length > 0)
      throw new GatewayAnswer(
        400,
        `${file} is published with ${others.length === 0 ? 'no version' : 'several versions'}`,
      );
    if (!isPromised(bytes, publication.versions![version]!.dist))
      throw new GatewayAnswer(400, `${file} is not what its version's dist promises`);
    const spooled = await spool.take(Readable.from([bytes]), undefined);
    try {
      const outcome = await gate.verdictOn(spooled, { name, version });
      if (outcome.accepted) return;
      metrics.refused.inc({ on: 'publish' });
      throw refusalOf(outcome);
    } finally {
      await spool.drop(spooled);
    }
  }
}

/** What clients will compare with: a digest that is absent is computed by the registry. */
function isPromised(bytes: Buffer, { integrity, shasum }: Dist = {}): boolean {
  if (typeof integrity === 'string' && !hasIntegrity(bytes, integrity)) return false;
  return typeof shasum !== 'string' || createHash('sha1').update(bytes).digest('hex') === shasum;
}

function parse(body: Buffer): Publication {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new GatewayAnswer(400, 'the publication is not a JSON object');
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** The path of a change at the registry. */
export function changePath(name: string, target: string): string {
  const behind =
    /\/-rev\/[^/?]+$|\/-\/[^/?]+\/-rev\/[^/?]+$/.exec(target.split('?', 1)[0]!)?.[0] ?? '';
  return pathOf(name) + behind;
}
