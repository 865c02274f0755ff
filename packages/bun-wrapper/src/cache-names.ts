/*
 * The names of folders in bun 1.4's cache. If a name is wrong, bun does not find the package and unpacks it by itself. The guard notices
 * that afterwards, and the run ends as unchecked.
 */

const MASK = (1n << 64n) - 1n;
const PRIMES = [
  0xa0761d6478bd642fn,
  0xe7037ed1a0b428dbn,
  0x8ebc6af09c88c6e3n,
  0x589965cc75374cc3n,
  0x1d8e4e27c47d124fn,
] as const;
const BLOCK = 32;
const HALF = 16;
const WORD = 8;

/** Characters of a registry's host that are in the name. */
const HOST_CHARS = 12;

/** Version of the cache's layout, as bun appends it. */
const LAYOUT = '@@@1';

/**
 * Names under which bun may look for a package of a registry: without the registry, for npm's own, and with each given registry, with
 * zero to two slashes at its end. bun hashes the URL as the settings spell it.
 */
export function cacheNames(name: string, version: string, registries: readonly string[]): string[] {
  const base = `${name}@${versionName(version)}`;
  const suffixes = registries.flatMap((registry) => {
    if (!URL.canParse(registry)) return [];
    const { hostname, href } = new URL(registry);
    const bare = href.replace(/\/*$/, '');
    const addresses = [registry, bare, `${bare}/`, `${bare}//`];
    return addresses.map(
      (address) => `@@${hostname.slice(0, HOST_CHARS)}__${hex(wyhash(address))}`,
    );
  });
  return ['', ...new Set(suffixes)].map((suffix) => `${base}${suffix}${LAYOUT}`);
}

/** Name of the folder for an archive from a URL or path. `sha512` in hex. */
export function archiveFolder(sha512: string): string {
  return `@T@sha512-${sha512.slice(0, 32)}${LAYOUT}`;
}

/** A version as bun writes it: hashes replace the prerelease and the build. */
function versionName(version: string): string {
  const [, plain = version, pre, build] =
    /^(\d+\.\d+\.\d+)(?:-([^+]*))?(?:\+(.*))?$/s.exec(version) ?? [];
  const prerelease = pre === undefined ? '' : `-${hex(wyhash(pre))}`;
  return `${plain}${prerelease}${build === undefined ? '' : `+${hex(wyhash(build)).toUpperCase()}`}`;
}

function hex(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}

/** Wyhash as in Zig 0.11, with the seed 0. */
export function wyhash(text: string): bigint {
  const bytes = Buffer.from(text);
  let seed = 0n;
  let offset = 0;
  for (; offset + BLOCK <= bytes.length; offset += BLOCK)
    seed =
      mix(word(bytes, offset), word(bytes, offset + 8), seed, 0) ^
      mix(word(bytes, offset + 16), word(bytes, offset + 24), seed, 2);
  const remainder = bytes.subarray(offset);
  if (remainder.length > HALF)
    seed = tail(remainder.subarray(0, HALF), seed, 0) ^ tail(remainder.subarray(HALF), seed, 2);
  else if (remainder.length > 0) seed = tail(remainder, seed, 0);
  return fold(seed ^ BigInt(bytes.length), PRIMES[4]);
}

function tail(bytes: Buffer, seed: bigint, primes: 0 | 2): bigint {
  return bytes.length <= WORD
    ? mix(short(bytes), PRIMES[4], seed, primes)
    : mix(short(bytes.subarray(0, WORD)), short(bytes.subarray(WORD)), seed, primes);
}

function mix(a: bigint, b: bigint, seed: bigint, primes: 0 | 2): bigint {
  return fold(a ^ seed ^ PRIMES[primes], b ^ seed ^ PRIMES[primes === 0 ? 1 : 3]);
}

function fold(a: bigint, b: bigint): bigint {
  const product = (a & MASK) * (b & MASK);
  return ((product >> 64n) ^ product) & MASK;
}

/** One to eight bytes as one number: pieces of four, two and one bytes, each little-endian, the first one on top. */
function short(bytes: Buffer): bigint {
  let value = 0n;
  for (let offset = 0; offset < bytes.length;) {
    const remaining = bytes.length - offset;
    const length = remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
    value = (value << BigInt(8 * length)) | BigInt(bytes.readUIntLE(offset, length));
    offset += length;
  }
  return value;
}

function word(bytes: Buffer, offset: number): bigint {
  return bytes.readBigUInt64LE(offset);
}
