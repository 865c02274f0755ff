/*
 * Estimates the cost of a verdict on every package of a registry: signs and checks verdicts of real tarballs, stores and finds a million,
 * and prints the sums. `pnpm scale --help`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { PolicyFingerprints } from '@tarwarden/host';
import {
  keyPair,
  readPinnedKeys,
  readSigningKey,
  signVerdict,
  verdictFrom,
  type VerdictQuestion,
} from '@tarwarden/host/signed-verdicts';
import { tarballs } from './corpus.ts';

/**
 * Bytes of an address that a list keeps: all. Whoever publishes packages may look for two archives, one of them in order, whose addresses
 * begin alike, and needs 2^(4 n) tries for n bytes: of 20 bytes, no more than for a collision of SHA-1.
 */
const KEPT = 32;
const MICRO = 1000;

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    versions: { type: 'string', default: '35000000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'pnpm scale [--entries N] [--versions N]\nN entries are kept and found; N versions is what it is reckoned for',
  );
  process.exit(0);
}
const entries = Number(values.entries);
const versions = Number(values.versions);

/** Processor time of this process. Milliseconds. */
async function cpu(act: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / MICRO;
}

const real = await tarballs('corpus');
const { pem, publicText } = keyPair();
const key = readSigningKey(pem);
const keys = readPinnedKeys([{ key: publicText }], 'verdicts');
const policies = new PolicyFingerprints(DEFAULT_POLICY);
const today = dayOf(Date.now());

const verdicts = new Map<VerdictQuestion, ReturnType<typeof inspect>>();
const inspecting = await cpu(() => {
  for (const { bytes } of real) {
    const verdict = inspect(bytes);
    const { sha512 } = verdict.archive;
    const expected = { ...verdict.manifest };
    verdicts.set(policies.asked({ sha512, format: 'npm', expected }), verdict);
  }
});
const envelopes: string[] = [];
const signing = await cpu(() => {
  for (const [asked, verdict] of verdicts) envelopes.push(signVerdict(asked, verdict, key));
});
const checking = await cpu(async () => {
  for (const envelope of envelopes)
    if ((await verdictFrom(envelope, { keys, today })) === undefined)
      throw new Error('a signature is wrong');
});
const plain = envelopes.reduce((sum, envelope) => sum + envelope.length + 1, 0) / envelopes.length;
const packed = gzipSync(envelopes.join('\n')).length / envelopes.length;

/** Addresses, by a counter: what is kept of them is as random as that of real ones. */
const addresses = Array.from({ length: entries }, (_, index) =>
  createHash('sha256').update(String(index)).digest().subarray(0, KEPT),
);
let list = Buffer.alloc(0);
const sorting = await cpu(() => {
  list = Buffer.concat(addresses.toSorted((address, other) => address.compare(other)));
});

function has(address: Buffer): boolean {
  let [from, to] = [0, list.length / KEPT];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const order = list.compare(address, 0, KEPT, middle * KEPT, (middle + 1) * KEPT);
    if (order === 0) return true;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}

const LOOKUPS = 100_000;
const strangers = Array.from({ length: LOOKUPS }, () => randomBytes(KEPT));
let found = 0;
const finding = await cpu(() => {
  for (let index = 0; index < LOOKUPS; index += 1) {
    if (has(addresses[(index * 7919) % entries]!)) found += 1;
    if (has(strangers[index]!)) throw new Error('a stranger is in the list');
  }
});
if (found !== LOOKUPS) throw new Error('an entry is not in the list');

const n = real.length;
const hours = (milliseconds: number): string => (milliseconds / 3_600_000).toFixed(1);
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
const rows: readonly (readonly [string, string])[] = [
  [`inspecting, processor time each (${n} real tarballs)`, `${(inspecting / n).toFixed(2)} ms`],
  ['signing', `${(signing / n).toFixed(3)} ms`],
  ['checking a signed verdict', `${(checking / n).toFixed(3)} ms`],
  ['a signed verdict', `${plain.toFixed(0)} bytes, ${packed.toFixed(0)} packed among others`],
  [
    `a list of ${entries} accepted, ${KEPT} bytes each`,
    `${(list.length / 1e6).toFixed(1)} MB, sorted in ${(sorting / 1000).toFixed(1)} s`,
  ],
  ['a look-up in it', `${((finding / (2 * LOOKUPS)) * MICRO).toFixed(1)} µs`],
  [`all ${versions / 1e6} million: inspecting`, `${hours((inspecting / n) * versions)} core-hours`],
  ['all: signing', `${hours((signing / n) * versions)} core-hours`],
  [
    'all: signed verdicts',
    `${gigabytes(plain * versions)} GB, ${gigabytes(packed * versions)} GB packed`,
  ],
  ['all: a list with one signature', `${gigabytes(KEPT * versions)} GB`],
  [
    'a runner with 500 packages pulls',
    `${((plain * 500) / 1e6).toFixed(2)} MB, ${((packed * 500) / 1e6).toFixed(2)} MB packed`,
  ],
  ['and checks them in', `${((checking / n) * 500).toFixed(0)} ms`],
];
console.log('| | |\n| --- | --- |');
for (const [what, figure] of rows) console.log(`| ${what} | ${figure} |`);
