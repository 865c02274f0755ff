/* Entity tags of documents that the gateway has changed. */
import { createHash } from 'node:crypto';

/** Makes a tag from an upstream's tag and the gateway's address, because clients at another address get another document. */
export class EntityTags {
  /** The end of each tag. */
  readonly #mark: string;

  constructor(publicUrl: string) {
    this.#mark = `-${createHash('sha256').update(publicUrl).digest('hex').slice(0, 12)}`;
  }

  own(etag: unknown): string | undefined {
    return typeof etag === 'string' && /^(?:W\/)?"[\u0021\u0023-\u007E]*"$/.test(etag)
      ? `${etag.slice(0, -1)}${this.#mark}"`
      : undefined;
  }

  /** The upstream's tag in a request that sends one of our tags; undefined for lists and foreign tags. */
  upstreams(ifNoneMatch: string | undefined): string | undefined {
    const [, start, mark] =
      /^((?:W\/)?"[\u0021\u0023-\u007E]*)(-[0-9a-f]{12})"$/.exec(ifNoneMatch ?? '') ?? [];
    return start !== undefined && mark === this.#mark ? `${start}"` : undefined;
  }
}
