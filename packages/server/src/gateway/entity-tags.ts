/* Entity tags of documents that the gateway has changed. */
import { createHash } from 'node:crypto';

/** Changes the upstream's tag for clients that know the gateway by one address: for others the document has other addresses. */
export class EntityTags {
  /** At the end of each. */
  readonly #mark: string;

  constructor(publicUrl: string) {
    this.#mark = `-${createHash('sha256').update(publicUrl).digest('hex').slice(0, 12)}`;
  }

  own(etag: unknown): string | undefined {
    return typeof etag === 'string' && /^(?:W\/)?"[\u0021\u0023-\u007E]*"$/.test(etag)
      ? `${etag.slice(0, -1)}${this.#mark}"`
      : undefined;
  }

  /** The upstream's tag of a request that has one of ours: no list, and none of anybody else. */
  upstreams(ifNoneMatch: string | undefined): string | undefined {
    const [, start, mark] =
      /^((?:W\/)?"[\u0021\u0023-\u007E]*)(-[0-9a-f]{12})"$/.exec(ifNoneMatch ?? '') ?? [];
    return start !== undefined && mark === this.#mark ? `${start}"` : undefined;
  }
}
