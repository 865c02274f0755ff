/*
 * The hash that bun puts in place of a prerelease and of an address in the names of its cache: the first version of wyhash, with the
 * seed 0, as Zig's library had it.
 */
const PRIMES = [
  0xa0761d6478bd642fn,
  0xe7037ed1a0b428dbn,
  0x8ebc6af09c88c6e3n,
  0x589965cc75374cc3n,
  0x1d8e4e27c47d124fn,
] as const;
const MASK = (1n << 64n) - 1n;

/** 16 hex digits. */
export function bunHash(text: string): string {
  const bytes = Buffer.from(text);
  let seed = 0n;
  let at = 0;
  for (; at + 32 <= bytes.length; at += 32) {
    const word = (index: number): bigint => bytes.readBigUInt64LE(at + 8 * index);
    seed = mixed(word(0), word(1), seed, 0) ^ mixed(word(2), word(3), seed, 2);
  }
  const [first, second, third, fourth] = [0, 8, 16, 24].map((start) =>
    lastWord(bytes.subarray(at + start, at + start + 8)),
  );
  if (first !== undefined) {
    const start = seed;
    seed = mixed(first, second ?? PRIMES[4], start, 0);
    if (third !== undefined) seed ^= mixed(third, fourth ?? PRIMES[4], start, 2);
  }
  return multiplied(seed ^ BigInt(bytes.length), PRIMES[4])
    .toString(16)
    .padStart(16, '0');
}

function multiplied(a: bigint, b: bigint): bigint {
  const product = a * b;
  return ((product >> 64n) ^ product) & MASK;
}

function mixed(a: bigint, b: bigint, seed: bigint, prime: 0 | 2): bigint {
  return multiplied(a ^ seed ^ PRIMES[prime], b ^ seed ^ PRIMES[prime + 1]!);
}

/** Up to 8 bytes: the largest power of two first, then the rest. Undefined if there are none. */
function lastWord(bytes: Buffer): bigint | undefined {
  if (bytes.length === 0) return undefined;
  let word = 0n;
  let at = 0;
  for (const size of [4, 4, 2, 1]) {
    if (at + size > bytes.length) continue;
    word = (word << BigInt(8 * size)) | BigInt(bytes.readUIntLE(at, size));
    at += size;
  }
  return word;
}
