/**
 * Archives for the question whether what a guard hands on can be read as something else than what it inspected: names of
 * first blocks and extended headers, magic numbers, hidden packages, tails, and what else a reader could guess by.
 */
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { foreignTar, MAGICS, type Hiding } from '../../support/attacks/foreign.ts';
import { gzip } from '../../support/gzip.ts';
import { pkg } from '../../support/pkg.ts';
import { archive, entry, gnuLongName, pax, type Part } from '../../support/tar.ts';
import { namedTarOf, renamed, type Round } from '../generate.ts';
import { packageModel, tarOf } from '../grammar.ts';
import { compress, segmentsOf } from '../mutate.ts';
import type { Random } from '../random.ts';

const HIDINGS: readonly Hiding[] = ['gzip', 'gzip-without-extra', 'zstd'];

/** Names of extended headers that packers write, names like them, and such as begin like a magic number. */
const NAMES: readonly Buffer[] = [
  'PaxHeader/x',
  './PaxHeaders.123/x',
  '././@PaxHeader',
  'package/PaxHeaders/x',
  'pax_global_header',
  '/tmp/GlobalHead.1.1',
  'BZh9',
  'BZh91AY&S',
  'PK/x',
  'PK00',
  '7z/x',
  'begin 644',
  'LZIP',
  '070707',
  '#mtree',
  'x\\y',
  'x:y',
  `PaxHeader/${'\u00fc'.repeat(45)}`,
].map((name) => Buffer.from(name));

const magicOf = (random: Random): Buffer => random.pick(Object.values(MAGICS));

function nameOf(random: Random): Buffer {
  const of = random.int(10);
  if (of < 6) return random.pick(NAMES);
  if (of < 8) return magicOf(random).subarray(0, 1 + random.int(12));
  return Buffer.from(random.bytes(1 + random.int(100)).map((byte) => (byte === 0 ? 0x61 : byte)));
}

/** Content that is an archive or a compressed file itself. */
function content(random: Random): Buffer {
  const zip = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
  const inner = pkg({ name: 'inner' });
  return random.pick([
    inner,
    gzipSync(inner),
    deflateRawSync(inner),
    zip,
    Buffer.concat([Buffer.alloc(512, 'x'), zip]),
    Buffer.concat([magicOf(random), inner]),
    Buffer.concat(Array.from({ length: 4 }, () => Buffer.concat([magicOf(random)], 512))),
  ]);
}

function file(random: Random): Part {
  return entry({ name: `package/in-${random.int(1000)}.bin`, body: content(random) });
}

type Change = (parts: Buffer[], random: Random, name: string) => void;

const changes: readonly Change[] = [
  (parts, random) =>
    void parts.unshift(pax({ comment: 'x' }, { name: nameOf(random), global: random.chance(3) })),
  (parts, random) => {
    const at = random.int(parts.length);
    parts.splice(at, 0, pax({ comment: 'x' }, { name: nameOf(random) }));
  },
  (parts, random) =>
    void parts.unshift(
      entry({ name: nameOf(random).subarray(0, 90), prefix: 'package', body: content(random) }),
    ),
  (parts, random) => void parts.unshift(gnuLongName('package/x', { name: nameOf(random) })),
  (parts, random) => void parts.unshift(archive(file(random))),
  (parts, random) => void parts.splice(random.int(parts.length), 0, archive(file(random))),
  (parts, random) => void parts.splice(Math.max(0, parts.length - 2), 0, archive(file(random))),
  (parts, random) => void parts.push(Buffer.alloc(random.int(12_000))),
  (parts, random) => void parts.push(magicOf(random)),
  (parts, random, name) => {
    const place = random.pick(['pax', 'global', 'long-name', 'entry', 'prefix'] as const);
    parts.splice(0, parts.length, foreignTar(random.pick(HIDINGS), { name, place }));
  },
];

/** An archive of any kind, changed at what a reader guesses by. */
export function anyInputOf(name: string, of: Round): Buffer {
  const { tar, random } = namedTarOf(name, of);
  const parts = segmentsOf(tar).map(({ bytes }) => bytes);
  for (let left = random.int(3); left >= 0; left--) random.pick(changes)(parts, random, name);
  const changed = Buffer.concat(parts);
  if (random.chance(6)) return gzip(changed, { level: 0 });
  if (random.chance(12)) return gzip(changed, { extra: random.bytes(5) });
  if (random.chance(12)) return gzip(changed, { trailing: Buffer.alloc(random.int(600)) });
  if (random.chance(12)) return gzip(changed, { members: [gzip(pkg({ name }))] });
  return compress(changed, random);
}

/**
 * A package that is well formed but for the name in its first block, the extended header that begins it: with the rules
 * about that switched off, all of these are accepted, so that what stops them is what is handed on.
 */
export function foreignInputOf(name: string, of: Round): Buffer {
  const { random } = namedTarOf(name, of);
  const place = random.pick(['pax', 'global'] as const);
  if (!random.chance(3)) return gzip(foreignTar(random.pick(HIDINGS), { name, place }));
  const [model] = fc.sample(packageModel, { numRuns: 1, seed: random.int(2 ** 31) });
  if (model === undefined) throw new TypeError('nothing was sampled');
  const first = pax({ comment: 'x' }, { name: magicOf(random), global: place === 'global' });
  const rest = renamed(tarOf({ ...model, globals: {} }), name);
  return gzip(Buffer.concat([first, rest]), model.gzip);
}
