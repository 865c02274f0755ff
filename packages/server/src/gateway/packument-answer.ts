/* Answers requests for documents of npm. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodedDocument, type EncodedDocument } from './accepted-encoding.ts';
import type { RegistryDocument } from './cache/document-request.ts';
import type { WaitingClient } from './gone.ts';
import type { Sending } from './sending.ts';

export interface PackumentRequest extends WaitingClient {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The address that clients use. */
  readonly publicUrl: string;
}

/** Documents may be private. */
const CACHE = 'private, no-cache';

type PackedHeaders = Readonly<Record<'type' | 'etag' | 'acceptEncoding', string | undefined>> &
  Pick<RegistryDocument, 'staleness'>;

/** A document for a client. */
export async function encodedPackument(
  plain: Buffer,
  { type, etag, acceptEncoding, staleness }: PackedHeaders,
): Promise<EncodedDocument> {
  const { bytes, headers } = await encodedDocument(plain, acceptEncoding);
  const known = /^application\/(?:json|vnd\.npm\.install-v1\+json)\b/.exec(type ?? '')?.[0];
  return {
    bytes,
    headers: {
      'content-type': known ?? 'application/json',
      ...headers,
      ...staleness,
      ...(etag !== undefined && { etag }),
    },
  };
}

/** `body`: undefined if the client has it. */
export function sendPackument(
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
