/* Documents that Ruby reads by Marshal are passed on as they are: only Ruby knows what they do. They may be neither archives nor endless. */
import { createGunzip, createInflate } from 'node:zlib';
import { GatewayAnswer, GatewayRefusal } from '../answers.ts';
import { ArchiveSearch, hasZipAtEnd } from '../readable-archive.ts';

/** Bytes as they come: the list of all versions at rubygems.org has some 7 million. */
export const MARSHALLED_BYTES_MAX: number = 64 * 1024 * 1024;
/** Unpacked. */
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;
/** In memory at once, of all these. */
const chunkSize = 64 * 1024;
/** Marshal 4.8. */
const BEGINNING = Buffer.from([4, 8]);

/** The same bytes. @throws GatewayAnswer for others. */
export async function checkedMarshalled(body: Buffer, kind: 'list' | 'gemspec'): Promise<Buffer> {
  const isList = kind === 'list';
  const unpacking = isList ? createGunzip({ chunkSize }) : createInflate({ chunkSize });
  unpacking.end(body);
  try {
    const isArchive = await looksLikeArchive(unpacking, isList);
    // Ruby ignores bytes behind the end; another reader may take them for an archive.
    if (!isArchive && unpacking.bytesWritten !== body.length) throw new Error('more than is read');
    if (!isArchive && !hasZipAtEnd(body)) return body;
  } catch (cause) {
    throw new GatewayAnswer(502, 'the source sent what Ruby cannot read', { cause });
  } finally {
    unpacking.destroy();
  }
  throw new GatewayRefusal('tarwarden: what the source sends here can be read as an archive');
}

/** @throws Error for what does not begin as Marshal does, or is too long. */
async function looksLikeArchive(
  unpacked: AsyncIterable<Buffer>,
  isList: boolean,
): Promise<boolean> {
  const search = new ArchiveSearch({ isList });
  let beginning: Buffer = Buffer.alloc(0);
  let bytes = 0;
  for await (const part of unpacked) {
    bytes += part.length;
    if (bytes > UNPACKED_BYTES_MAX) throw new Error('too long');
    const lacks = BEGINNING.length - beginning.length;
    if (lacks > 0) beginning = Buffer.concat([beginning, part.subarray(0, lacks)]);
    if (lacks > 0 && !BEGINNING.subarray(0, beginning.length).equals(beginning)) break;
    if (search.add(part)) return true;
  }
  if (!beginning.equals(BEGINNING)) throw new Error('not Marshal');
  return search.end();
}
