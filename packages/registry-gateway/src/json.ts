/* JSON that is passed on. Tar is printable if somebody wants it so: an answer of JSON must not be one that a client can unpack. */
import { GatewayAnswer } from './answers.ts';
import { hasTarHeader } from './readable-archive.ts';

/** Spaces in front of an answer that are tried. */
const SHIFTS_MAX = 16;

/** The value; undefined where bytes are not JSON, which has no undefined. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The same JSON or HTML, in which no reader of tar finds an entry: spaces before it are nothing in either.
 * @throws GatewayAnswer for one that was made to have one wherever it starts.
 */
export function notArchive(json: Buffer): Buffer {
  let shifted = json;
  for (let shift = 0; shift < SHIFTS_MAX; shift += 1) {
    if (!hasTarHeader(shifted)) return shifted;
    shifted = Buffer.concat([Buffer.from(' '), shifted]);
  }
  throw new GatewayAnswer(403, 'tarwarden: what the registry sends can be read as a tar archive');
}
