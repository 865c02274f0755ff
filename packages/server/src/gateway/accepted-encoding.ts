/* Sends documents in gzip to clients that accept it (RFC 9110, section 12.5.3). */
import { packed } from './short-gzip.ts';

/** Smaller documents are sent uncompressed. */
const GZIP_FROM = 2048;

export interface EncodedDocument {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A document in gzip, if it is long enough and the client accepts that. */
export async function encodedDocument(plain: Buffer, accepted?: string): Promise<EncodedDocument> {
  if (plain.length < GZIP_FROM || !acceptsGzip(accepted)) return { bytes: plain, headers: {} };
  const bytes = await packed(plain);
  return { bytes, headers: { 'content-encoding': 'gzip' } };
}

/** A client that does not name an encoding, or gives it the quality 0, does not get it. */
export function acceptsGzip(header = ''): boolean {
  const qualities = new Map(header.split(',').map(qualityIn));
  return (qualities.get('gzip') ?? qualities.get('x-gzip') ?? qualities.get('*') ?? 0) > 0;
}

function qualityIn(part: string): [string, number] {
  const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  const quality = parameters.map((text) => /^q\s*=\s*(.*)$/.exec(text)?.[1]).find(Boolean) ?? '1';
  // An unreadable quality counts as 0.
  return [name, /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality) : 0];
}
