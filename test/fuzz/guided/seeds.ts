/** Inputs to start from, for each target, in the form that it takes. */
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { attacks, cleanOddities, zipAttacks } from '../../support/attacks.ts';
import { cleanSdists, sdistAttacks } from '../../support/attacks/sdist.ts';
import { cleanGems, gemAttacks } from '../../support/attacks/gem.ts';
import { gemspecOf } from '../../support/gem.ts';
import { goAttacks, goCleanArchives } from '../../support/attacks/go-zip.ts';
import { BLOCK, paxBody } from '../../support/tar.ts';
import { SealEncoder, type SealedEntry } from '../../../packages/guard/src/seal/format.ts';
import { yarnZip } from '../../support/yarn-zip.ts';
import { packageModel, tarOf, tgzOf } from '../grammar.ts';
import { segmentsOf, type Segment } from '../mutate.ts';
import { sdistSeeds } from '../sdist-seeds.ts';
import { seedTars } from '../seeds.ts';
import { RECORDS } from '../values.ts';
import { SEALED } from './seal.ts';
import { encodeTar } from './tar-input.ts';

/** What is longer is cut by the fuzzer, to no use. */
const MAX_SEED_BYTES = 8 * 1024;
const MODELS = { numRuns: 40, seed: 1 };

const prefixed = (head: readonly number[], body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(head), body]);

async function tars(): Promise<Buffer[]> {
  return [...(await seedTars()), ...fc.sample(packageModel, MODELS).map(tarOf)];
}

async function headers(): Promise<Segment[]> {
  return (await tars()).flatMap(segmentsOf).filter(({ isHeader }) => isHeader);
}

export async function forTar(): Promise<Buffer[]> {
  return (await tars()).flatMap(encodings).filter(small);
}

export function forSdist(): Promise<Buffer[]> {
  const tars = sdistSeeds()
    .flatMap(encodings)
    .map((body) => prefixed([0], body));
  const files = [...cleanSdists(), ...sdistAttacks()].map(({ bytes }) => prefixed([1], bytes));
  return Promise.resolve([...tars, ...files].filter(small));
}

export async function forHeader(): Promise<Buffer[]> {
  return (await headers()).map(({ bytes }) => prefixed([0, 200], bytes.subarray(0, BLOCK)));
}

export async function forPax(): Promise<Buffer[]> {
  const bodies = (await headers()).flatMap(({ bytes }) => {
    const global = bytes[156] === 'g'.charCodeAt(0);
    if (!global && bytes[156] !== 'x'.charCodeAt(0)) return [];
    const size = Number.parseInt(bytes.toString('latin1', 124, 135), 8);
    return [prefixed([global ? 1 : 0, 200], bytes.subarray(BLOCK, BLOCK + size))];
  });
  return [...bodies, ...RECORDS.map((record) => prefixed([0, 9], paxBody([record])))].filter(small);
}

export async function forGzip(): Promise<Buffer[]> {
  const files = [...cleanOddities, ...attacks]
    .filter(({ id }) => !/limit|oversized|large/.test(id))
    .map((one) => one.build());
  const models = fc.sample(packageModel, MODELS).map(tgzOf);
  return Promise.resolve(
    // Not made right: what is wrong with some of them is the checksum.
    [...files, ...models].map((file) => prefixed([1, 50], file)).filter(small),
  );
}

export async function forZip(): Promise<Buffer[]> {
  const clean = [
    yarnZip(),
    yarnZip({ name: '@scope/fixture', files: { empty: '', 'lib/\u00fc.js': 'x'.repeat(300) } }),
  ];
  const odd = zipAttacks.map((one) => one.build());
  return Promise.resolve(
    [
      ...clean.map((file) => prefixed([0], file)),
      ...[...clean, ...odd].map((file) => prefixed([15], file)),
    ].filter(small),
  );
}

export async function forGem(): Promise<Buffer[]> {
  const documents = [
    gemspecOf(),
    ...[...cleanGems, ...gemAttacks].flatMap(({ bytes }) => gemspecIn(bytes)),
  ];
  return Promise.resolve(
    [
      ...documents.map((document) => prefixed([0, 60], Buffer.from(document))),
      ...[...cleanGems, ...gemAttacks].map(({ bytes }) => prefixed([1, 60], bytes)),
    ].filter(small),
  );
}

/** The gemspec of a gem that begins with it. */
function gemspecIn(gem: Buffer): Buffer[] {
  const [first] = segmentsOf(gem);
  if (first === undefined || !first.bytes.toString('latin1', 0, BLOCK).startsWith('metadata.gz\0'))
    return [];
  const size = Number.parseInt(first.bytes.toString('latin1', 124, 135), 8);
  return [gunzipSync(first.bytes.subarray(BLOCK, BLOCK + size))];
}

/** A tar as an input; where it holds a link, also with the policy that allows those that stay inside. */
function encodings(tar: Buffer): Buffer[] {
  const input = encodeTar(tar);
  const linked = segmentsOf(tar).some(
    ({ bytes, isHeader }) => isHeader && (bytes[156] === 0x31 || bytes[156] === 0x32),
  );
  return linked ? [input, prefixed([8], input.subarray(1))] : [input];
}

function small(input: Buffer): boolean {
  return input.length <= MAX_SEED_BYTES;
}

export async function forModuleZip(): Promise<Buffer[]> {
  const files = [...goAttacks, ...goCleanArchives].map(({ bytes }) => bytes);
  // Made right, and as they are: sizes behind the data are what is made right wrong.
  return Promise.resolve(
    [0, 15].flatMap((head) => files.map((one) => prefixed([head], one))).filter(small),
  );
}

export function forSeal(): Promise<Buffer[]> {
  const content = { mode: 0o755, size: 70_000, sha256: Buffer.alloc(32, 0xab) };
  const entries: readonly SealedEntry[] = [
    { kind: 'folder', path: Buffer.from('a'), mode: 0o2750 },
    { kind: 'file', path: Buffer.from('a/b'), content },
    { kind: 'link', path: Buffer.from('a/c'), target: Buffer.from('../b') },
    { kind: 'file', path: Buffer.from([0x61, 0xff]), content: { ...content, size: 0 } },
  ];
  // Every selection of these entries, with and without the code at the end made right.
  const selections = Array.from({ length: 2 ** entries.length }, (_, bits) =>
    entries.filter((_entry, at) => ((bits >> at) & 1) === 1),
  );
  return Promise.resolve(
    selections.flatMap((selection) => {
      const encoder = new SealEncoder(SEALED);
      for (const entry of selection) encoder.add(entry);
      const bytes = encoder.end();
      return [prefixed([1], bytes.subarray(0, -32)), prefixed([0], bytes)];
    }),
  );
}
