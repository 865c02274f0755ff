/*
 * Decodes a row of pnpm's index: MessagePack with the records of msgpackr, as pnpm 11 and 12 write it. It refuses everything else, so
 * that it never reads a row in another way than pnpm does.
 */
import { unreadableIndex } from './unreadable-store.ts';

/** Values in values. pnpm's rows have seven levels. */
const DEPTH_MAX = 64;
/** The extension for a record: a number from 0x40 to 0x7f, and the names of its fields. */
const RECORD = 0x72;
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Objects, records and maps are all maps. */
export type IndexValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly IndexValue[]
  | ReadonlyMap<string, IndexValue>;

/** @throws UnreadableStoreError */
export function decodeIndexValue(bytes: Uint8Array): IndexValue {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw unreadableIndex('a row has bytes after its end');
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  readonly #records = new Map<number, readonly string[]>();
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): IndexValue {
    if (depth > DEPTH_MAX) throw unreadableIndex('a row has too many levels');
    const head = this.#unsigned(1);
    const fields = head >= 0x40 && head < 0x80 ? this.#records.get(head) : undefined;
    if (fields !== undefined) return this.#record(fields, depth);
    // After the first record, these bytes are numbers of records.
    if (head >= 0x40 && head < 0x80 && this.#records.size > 0)
      throw unreadableIndex('a row has an unknown record');
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#array(head & 0x0f, depth);
    if (head < 0xc0) return this.#string(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    return this.#longValue(head, depth);
  }

  #longValue(head: number, depth: number): IndexValue {
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.#bytes.readFloatBE(this.#skip(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(2 ** (head - 0xcc));
      case 0xcf:
        return safe(this.#bytes.readBigUInt64BE(this.#skip(8)));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const length = 2 ** (head - 0xd0);
        return this.#bytes.readIntBE(this.#skip(length), length);
      }
      case 0xd3:
        return safe(this.#bytes.readBigInt64BE(this.#skip(8)));
      case 0xd4:
        return this.#extension(depth);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#unsigned(2 ** (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 ** (head - 0xdb)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 ** (head - 0xdd)), depth);
      default:
        throw unreadableIndex('a row has a value of another type');
    }
  }

  #extension(depth: number): IndexValue {
    const [type, number] = [this.#unsigned(1), this.#unsigned(1)];
    if (type === 0 && number === 0) return undefined;
    if (type !== RECORD || number < 0x40 || number > 0x7f)
      throw unreadableIndex('a row has a value of another type');
    const names = this.value(depth + 1);
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
      throw unreadableIndex('a row has a record without names');
    this.#records.set(number, names);
    return this.#record(names, depth);
  }

  #record(names: readonly string[], depth: number): IndexValue {
    const map = new Map<string, IndexValue>();
    for (const name of names) this.#add(map, name, depth);
    return map;
  }

  #map(count: number, depth: number): IndexValue {
    const map = new Map<string, IndexValue>();
    for (let index = 0; index < count; index += 1) {
      const name = this.value(depth + 1);
      if (typeof name !== 'string') throw unreadableIndex('a row has a name that is no text');
      this.#add(map, name, depth);
    }
    return map;
  }

  #add(map: Map<string, IndexValue>, name: string, depth: number): void {
    if (map.has(name)) throw unreadableIndex('a row has a name twice');
    map.set(name, this.value(depth + 1));
  }

  #array(count: number, depth: number): IndexValue {
    const values: IndexValue[] = [];
    for (let index = 0; index < count; index += 1) values.push(this.value(depth + 1));
    return values;
  }

  #string(length: number): string {
    const start = this.#skip(length);
    const text = this.#bytes.toString('utf8', start, this.#at);
    return text.includes('\uFFFD') ? strictText(this.#bytes.subarray(start, this.#at)) : text;
  }

  #unsigned(length: number): number {
    const start = this.#skip(length);
    return length === 1 ? this.#bytes[start]! : this.#bytes.readUIntBE(start, length);
  }

  /** Goes over some bytes, and returns their position. */
  #skip(length: number): number {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw unreadableIndex('a row is cut off');
    return start;
  }
}

function strictText(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw unreadableIndex('a row has a text that is not UTF-8');
  }
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw unreadableIndex('a row has a number that is too large');
  return number;
}
