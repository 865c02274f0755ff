/* What Ruby reads by Marshal is passed on as it is: nothing but Ruby knows what it does there. But it is no archive, and not endless. */
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { GatewayAnswer } from '../answers.ts';
import { isPackedArchive, isReadableArchive } from '../readable-archive.ts';
import { noArchive } from '../texts.ts';

/** Bytes as they come: the list of all versions at rubygems.org has some 7 million. */
export const MARSHALLED_BYTES_MAX: number = 64 * 1024 * 1024;
/** Unpacked. */
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;
/** Marshal 4.8. */
const BEGINNING = Buffer.from([4, 8]);

const unpackers = { list: promisify(gunzip), gemspec: promisify(inflate) } as const;

/** The same bytes. @throws GatewayAnswer for others. */
export async function checkedMarshalled(body: Buffer, kind: 'list' | 'gemspec'): Promise<Buffer> {
  let unpacked: Buffer;
  try {
    unpacked = await unpackers[kind](body, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (cause) {
    throw new GatewayAnswer(502, 'the source sent what Ruby cannot read', { cause });
  }
  if (!unpacked.subarray(0, BEGINNING.length).equals(BEGINNING))
    throw new GatewayAnswer(502, 'the source sent what Ruby cannot read');
  noArchive(unpacked, kind === 'list' ? isPackedArchive : isReadableArchive);
  return body;
}
