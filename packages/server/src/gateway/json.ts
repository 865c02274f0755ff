/* JSON that is passed on. Tar is printable if somebody wants it so: an answer of JSON must not be one that a client can unpack. */
import { GatewayAnswer } from './answers.ts';
import { hasTarHeader } from './readable-archive.ts';

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];
/** Spaces in front of an answer that are tried. */
const SHIFTS_MAX = 16;

/** Values in JSON that is read: each takes up to 100 bytes of memory, however few it has itself. */
const VALUES_MAX = 1_000_000;

export interface JsonLimit {
  readonly valuesMax: number;
  /** The status that says that there are more. */
  readonly status: number;
}

/** At most so many values are in JSON: also what is in its strings is counted. */
export function jsonValues(bytes: Buffer): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1;
  }
  return count;
}

/**
 * The value; undefined where bytes are not JSON, which has no undefined.
 * @throws GatewayAnswer for more values than are read.
 */
export function jsonValue(
  bytes: Buffer,
  { valuesMax, status }: JsonLimit = { valuesMax: VALUES_MAX, status: 502 },
): unknown {
  // Each value but the first is behind one of the bytes that are counted.
  if (bytes.length > valuesMax && jsonValues(bytes) > valuesMax)
    throw new GatewayAnswer(status, `JSON of more than ${valuesMax} values is not read`);
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
