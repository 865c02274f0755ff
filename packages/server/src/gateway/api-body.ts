/* Checks the body of a client's request to the registry's API. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GatewayAnswer } from './answers.ts';
import { jsonValue } from './json.ts';

/** The most bytes of an unpacked request, and the most values in it. */
const UNPACKED_BYTES_MAX = 16 * 1024 * 1024;
const VALUES_MAX = 500_000;

const unpack = promisify(gunzip);

/** @throws GatewayAnswer for a body that is not JSON, or that contains parts of a publication. */
export async function checkedRequest(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (body.length === 0) return body;
  const value = jsonValue(await unpacked(body, encoding), {
    valuesMax: VALUES_MAX,
    status: 413,
  });
  if (value === undefined) throw new GatewayAnswer(400, 'what was sent is not JSON');
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.some((key) => /attachments/i.test(key.normalize('NFKC'))))
    throw new GatewayAnswer(
      403,
      'tarwarden: attachments are published at the address of a package',
    );
  return body;
}

async function unpacked(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new GatewayAnswer(415, 'gzip is the only encoding that is read');
  try {
    return await unpack(body, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (cause) {
    throw new GatewayAnswer(400, 'what was sent cannot be unpacked', { cause });
  }
}
