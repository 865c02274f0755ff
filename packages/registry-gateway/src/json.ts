/* JSON that is passed on. Tar is printable if somebody wants it so: an answer of JSON must not be one that a client can unpack. */
import { GatewayAnswer } from './answers.ts';

const BLOCK = 512;
const CHECKSUM = { start: 148, length: 8, read: 12 } as const;
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
 * The same JSON, in which no reader of tar finds an entry.
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

/** Whether a block has the checksum of a header of tar. Readers look for one at each block. */
function hasTarHeader(bytes: Buffer): boolean {
  for (let start = 0; start + BLOCK <= bytes.length; start += BLOCK) {
    const said = checksumsAt(bytes, start + CHECKSUM.start);
    if (said.length === 0) continue;
    const { sum, signedSum } = sumsAt(bytes, start);
    if (said.some((one) => one === sum || one === signedSum)) return true;
  }
  return false;
}

/** What lenient readers may take for it: octal digits after anything and before anything, by some past the end of the field. */
function checksumsAt(bytes: Buffer, at: number): number[] {
  const said: number[] = [];
  let value = 0;
  for (let i = at; i < at + CHECKSUM.read; i += 1) {
    const byte = bytes[i]!;
    const isDigit = byte >= 0x30 && byte <= 0x37;
    if (!isDigit && said.length > 0) break;
    if (isDigit) said.push((value = value * 8 + byte - 0x30));
  }
  return said;
}

/** With spaces for the checksum itself. Bytes above 0x7F are negative for some readers. */
function sumsAt(bytes: Buffer, start: number): { sum: number; signedSum: number } {
  let sum = CHECKSUM.length * 0x20;
  let high = 0;
  for (let i = start; i < start + BLOCK; i += 1) {
    if (i >= start + CHECKSUM.start && i < start + CHECKSUM.start + CHECKSUM.length) continue;
    sum += bytes[i]!;
    if (bytes[i]! > 0x7f) high += 1;
  }
  return { sum, signedSum: sum - 256 * high };
}
