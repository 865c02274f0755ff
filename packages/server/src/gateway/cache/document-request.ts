/* Requests for documents of the registry, and the documents as the faces get them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RegistryAnswer } from '../upstream-answer.ts';
import type { Followed } from '../upstream.ts';
import type { DocumentCopy, DocumentKey } from './document-cache.ts';

export type Conditions = Readonly<Partial<Record<'if-none-match' | 'if-modified-since', string>>>;

/** Called when a copy answers: because it is fresh, or because the registry gives no answer. */
export type OnCopy = (outcome: 'hit' | 'stale') => void;

export interface RegistryDocumentRequest extends DocumentKey {
  /** Other variants that can be served in its place if the registry gives no answer. */
  readonly variants?: readonly string[];
  /** The package that it is about. */
  readonly about?: string | undefined;
  /** The client's own conditions, which the registry gets if there is no cache. */
  readonly conditions?: Conditions;
  /** Whether the client wants the registry's current answer. */
  readonly isReload?: boolean;
  readonly bytesMax: number;
  readonly gone: AbortSignal | undefined;
  readonly onCopy?: OnCopy | undefined;
  /** Wait for this before a long document is read. */
  readonly alone: () => Promise<void>;
  readonly ask: (conditions: Conditions, signal: AbortSignal) => Promise<Followed>;
  /** Reads the body. @throws GatewayAnswer for an answer that has no document. */
  readonly read: (answer: RegistryAnswer) => Promise<Buffer>;
}

export interface RegistryDocument {
  /** 304 only if there is no cache, and the client's own conditions hold. */
  readonly status: 200 | 304;
  readonly headers: RegistryAnswer['headers'];
  /** The address after redirects. */
  readonly url: URL;
  /** Names a document that the cache has. */
  readonly id: string | undefined;
  /** Until when archives that it names may be sent without asking for it again, in milliseconds of `performance.now()`. */
  readonly until: number;
  /** Headers for clients, if the registry gave no answer. */
  readonly staleness: Readonly<Record<string, string>>;
  readonly read: () => Promise<Buffer>;
}

/** Uses a document. Its checks may throw a GatewayAnswer. */
export type UseDocument<Result> = (document: RegistryDocument) => Promise<Result>;

/** Whether a client wants the registry's current answer. */
export function wantsReload(headers: IncomingHttpHeaders): boolean {
  const { 'cache-control': control = '', pragma = '' } = headers;
  return /\bno-cache\b/i.test(`${control} ${pragma}`);
}

export function conditionsOf(copy: Pick<DocumentCopy, 'facts'> | undefined): Conditions {
  const { etag, 'last-modified': modified } = copy?.facts.headers ?? {};
  if (etag !== undefined) return { 'if-none-match': etag };
  return modified === undefined ? {} : { 'if-modified-since': modified };
}

/**
 * The documents that may be served if the registry gives no answer: the reader's own, then those that the registry gave without
 * credentials, which everybody may read.
 */
export function keysInstead({
  registry,
  reader,
  address,
  variant,
  variants = [],
}: DocumentKey & Pick<RegistryDocumentRequest, 'variants'>): DocumentKey[] {
  const readers = reader === '' ? [''] : [reader, ''];
  return readers.flatMap((name) =>
    [variant, ...variants].map((kind) => ({ registry, reader: name, address, variant: kind })),
  );
}
