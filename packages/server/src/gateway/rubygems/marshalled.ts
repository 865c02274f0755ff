/* Passes on Ruby's Marshal data unchanged, because only Ruby interprets it. The data must be neither an archive nor endless. */
import { createGunzip, createInflate } from 'node:zlib';
import { GatewayAnswer, GatewayRefusal } from '../answers.ts';
import { ArchiveSearch, hasZipAtEnd } from '../readable-archive.ts';

/** The most bytes before unpacking: the list of all versions at rubygems.org has some 7 million. */
export const MARSHALLED_BYTES_MAX: number = 64 * 1024 * 1024;
/** The most bytes after unpacking. */
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;
/** The bytes in memory at once. */
const chunkSize = 64 * 1024;
/** The first bytes of Marshal 4.8. */
const BEGINNING = Buffer.from([4, 8]);

/** The same bytes. @throws GatewayAnswer for others. */
export async function checkedMarshalled(body: Buffer, kind: 'list' | 'gemspec'): Promise<Buffer> {
  const isList = kind === 'list';
  const unpacking = isList ? createGunzip({ chunkSize }) : createInflate({ chunkSize });
  unpacking.end(body);
  try {
    const isArchive = await looksLikeArchive(unpacking, isList);
    // Ruby ignores bytes after the end, but other clients may find an archive there.
    if (!isArchive && unpacking.bytesWritten !== body.length) throw new Error('more than is read');
    if (!isArchive && !hasZipAtEnd(body)) return body;
  } catch (cause) {
    throw new GatewayAnswer(502, 'the source sent what Ruby cannot read', { cause });
  } finally {
    unpacking.destroy();
  }
  throw new GatewayRefusal('tarwarden: what the source sends here can be read as an archive');
}

/** @throws Error if the data does not begin as Marshal does, or is too long. */
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
