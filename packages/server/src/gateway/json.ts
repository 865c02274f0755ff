/* Passes on JSON that is not also an archive: a tar header can consist of printable characters, so a crafted answer could be both. */
import { GatewayAnswer } from './answers.ts';
import { hasTarHeader } from './readable-archive.ts';

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];
/** The most spaces that are tried before an answer. */
const SHIFTS_MAX = 16;

/** The most values in JSON that is parsed: each takes up to 100 bytes of memory, however short it is. */
const VALUES_MAX = 1_000_000;

export interface JsonLimit {
  readonly valuesMax: number;
  /** The status of the error for too many values. */
  readonly status: number;
}

/** An upper bound of the number of values in JSON: it also counts characters in strings. */
export function jsonValues(bytes: Buffer): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1;
  }
  return count;
}

/**
 * The value; undefined if the bytes are not JSON.
 * @throws GatewayAnswer for too many values.
 */
export function jsonValue(
  bytes: Buffer,
  { valuesMax, status }: JsonLimit = { valuesMax: VALUES_MAX, status: 502 },
): unknown {
  // Every value but the first follows one of the counted bytes.
  if (bytes.length > valuesMax && jsonValues(bytes) > valuesMax)
    throw new GatewayAnswer(status, `JSON of more than ${valuesMax} values is not read`);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The same JSON or HTML, shifted so that no tar reader finds an entry: leading spaces mean nothing in either format.
 * @throws GatewayAnswer for a body that contains an entry at every shift.
 */
export function notArchive(json: Buffer): Buffer {
  let shifted = json;
  for (let shift = 0; shift < SHIFTS_MAX; shift += 1) {
    if (!hasTarHeader(shifted)) return shifted;
    shifted = Buffer.concat([Buffer.from(' '), shifted]);
  }
  throw new GatewayAnswer(403, 'tarwarden: what the registry sends can be read as a tar archive');
}
