import { constants, deflateRawSync } from 'node:zlib';

/** Bits from the least significant on, as RFC 1951 packs them. */
class Bits {
  readonly bytes: number[] = [];
  #held = 0;
  #count = 0;

  put(value: number, width: number): void {
    this.#held |= value << this.#count;
    this.#count += width;
    for (; this.#count >= 8; this.#count -= 8) {
      this.bytes.push(this.#held & 0xff);
      this.#held >>>= 8;
    }
  }

  end(): Buffer {
    if (this.#count > 0) this.bytes.push(this.#held & 0xff);
    return Buffer.from(this.bytes);
  }
}

/** `data`, then fixed blocks of nothing but their end: ten bits each. */
export function emptyBlocks(data: Uint8Array, count: number): Buffer {
  const bits = new Bits();
  for (let at = 0; at < count; at++) {
    bits.put(0b010, 3);
    bits.put(0, 7);
  }
  bits.put(0b011, 3);
  bits.put(0, 7);
  return Buffer.concat([flushed(data), bits.end()]);
}

/** `data`, then blocks of nothing but their end, each with a table for all 286 and 30 codes. */
export function fullTables(data: Uint8Array, count: number): Buffer {
  const bits = new Bits();
  const blocks = Math.min(count, 100_000);
  for (let at = 0; at <= blocks; at++) block(bits, at === blocks);
  return Buffer.concat([flushed(data), bits.end()]);
}

// Code lengths 8 and 9 for 286 literals, 4 and 5 for 30 distances: complete, as the decoder wants them.
function block(bits: Bits, last: boolean): void {
  bits.put(last ? 1 : 0, 1);
  bits.put(2, 2);
  bits.put(286 - 257, 5);
  bits.put(30 - 1, 5);
  // Lengths of the code-length code, in the order of the RFC: 4, 5, 8 and 9 have two bits each.
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4];
  bits.put(order.length - 4, 4);
  for (const symbol of order) bits.put([4, 5, 8, 9].includes(symbol) ? 2 : 0, 3);
  const code: Readonly<Record<number, number>> = { 4: 0b00, 5: 0b10, 8: 0b01, 9: 0b11 };
  // 226 codes of eight bits and 60 of nine fill the tree: 226 + 30 = 256.
  for (let at = 0; at < 286; at++) bits.put(code[at < 226 ? 8 : 9]!, 2);
  for (let at = 0; at < 30; at++) bits.put(code[at < 2 ? 4 : 5]!, 2);
  // The end of the block is symbol 256, the 31st of nine bits: 226 * 2 + 30, most significant bit first.
  const end = 226 * 2 + 30;
  for (let bit = 8; bit >= 0; bit--) bits.put((end >> bit) & 1, 1);
}

function flushed(data: Uint8Array): Buffer {
  return deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH });
}
