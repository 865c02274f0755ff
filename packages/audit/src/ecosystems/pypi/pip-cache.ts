/*
 * pip's cache. `http` (before pip 23.3) and `http-v2` have the answers of indexes and file hosts by the SHA-224 of the address: a header
 * in MessagePack after "cc=4,", and the body in it or in a file beside it. `wheels` has the wheels that pip built of sdists.
 */
import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Unpackr } from 'msgpackr/unpack';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import { readBounded } from '@tarwarden/host';
import { PAGE_BYTES_MAX } from './simple-index.ts';

/** Bytes of a header that is beside its body. */
const HEADER_BYTES_MAX = 1024 * 1024;

const MARK = 'cc=4,';

export interface CachedAnswer {
  readonly path: string;
  /** Undefined if it cannot be read: a link, an unknown format, or a file that is too large. */
  readonly body: Buffer | undefined;
  readonly type: string;
}

export class PipCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The answers to a request, of each version of the cache. */
  answersTo(url: string): CachedAnswer[] {
    const key = hash('sha224', keyOfAddress(url));
    const parts = [...Array.from({ length: 5 }, (_, index) => key.charAt(index)), key];
    return ['http-v2', 'http'].flatMap((version) => {
      const path = join(this.folder, version, ...parts);
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return [];
      try {
        return [version === 'http' ? wholeAnswer(path) : partedAnswer(path)];
      } catch {
        return [{ path, body: undefined, type: '' }];
      }
    });
  }
}

/** pip sends no user and password in the address. */
function keyOfAddress(address: string): string {
  const url = new URL(address);
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}

function wholeAnswer(path: string): CachedAnswer {
  const { body, ...header } = headerOf(fileOf(path, MAX_ARCHIVE_FILE_BYTES));
  return { path, ...decoded(body, header) };
}

function partedAnswer(path: string): CachedAnswer {
  const header = headerOf(fileOf(path, HEADER_BYTES_MAX));
  const body = fileOf(`${path}.body`, MAX_ARCHIVE_FILE_BYTES);
  return { path: `${path}.body`, ...decoded(body, header) };
}

interface AnswerHeader {
  readonly type: string;
  readonly encoding: string;
}

function fileOf(path: string, bytesMax: number): Buffer {
  const { bytes } = readBounded(path, { bytesMax, follow: false });
  if (bytes === undefined) throw new RangeError('it is not a file, or too large');
  return bytes;
}

function headerOf(bytes: Buffer): AnswerHeader & { readonly body: Buffer | undefined } {
  if (bytes.subarray(0, MARK.length).toString('latin1') !== MARK)
    throw new RangeError('its format is unknown');
  const value: unknown = new Unpackr({ mapsAsObjects: true }).unpack(bytes.subarray(MARK.length));
  const { response } = (value ?? {}) as { response?: { headers?: unknown; body?: unknown } };
  const headers = new Map(
    Object.entries((response?.headers ?? {}) as Record<string, unknown>).map(([name, text]) => [
      name.toLowerCase(),
      String(text),
    ]),
  );
  return {
    type: headers.get('content-type') ?? '',
    encoding: headers.get('content-encoding') ?? '',
    body: response?.body instanceof Uint8Array ? Buffer.from(response.body) : undefined,
  };
}

function decoded(
  body: Buffer | undefined,
  { type, encoding }: AnswerHeader,
): Pick<CachedAnswer, 'body' | 'type'> {
  if (encoding === '' || encoding === 'identity') return { body, type };
  if (encoding !== 'gzip' || body === undefined) return { body: undefined, type };
  return { body: gunzipSync(body, { maxOutputLength: PAGE_BYTES_MAX }), type };
}
