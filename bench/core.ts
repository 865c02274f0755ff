import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { inspect } from '@tarwarden/core';
import { unpackTar } from 'modern-tar';
import { Parser } from 'tar';
import { extract } from 'tar-stream';

import type { Tarball } from './corpus.ts';
import { ratios, shown, spread, table } from './stats.ts';

// pnpm's parser without its store: a file that the package does not export, so it is taken by its place.
const requireHere = createRequire(import.meta.url);
const { addFilesFromTarball } = requireHere(
  join(dirname(requireHere.resolve('@pnpm/store.cafs')), 'addFilesFromTarball.js'),
) as {
  addFilesFromTarball: (
    add: (content: Buffer) => object,
    ignore: null,
    tarball: Buffer,
    manifest: boolean,
  ) => unknown;
};

type Contender = (bytes: Buffer) => void | Promise<void>;

// What zlib would need at the least: one allocation of the right size. ISIZE is not trusted beyond a cap.
function bestGunzip(bytes: Buffer): void {
  const isize = bytes.readUInt32LE(bytes.length - 4);
  gunzipSync(bytes, { chunkSize: Math.min(Math.max(isize + 1, 64), 512 * 1024 * 1024) });
}

async function tarStream(bytes: Buffer): Promise<void> {
  const reader = extract();
  const unpacked = gunzipSync(bytes);
  await new Promise<void>((resolve, reject) => {
    reader.on('entry', (_header, stream, next) => {
      stream.on('end', next);
      stream.resume();
    });
    reader.on('finish', resolve);
    reader.on('error', reject);
    reader.end(unpacked);
  });
}

const CONTENDERS: Readonly<Record<string, Contender>> = {
  'gunzipSync (chunkSize from ISIZE)': bestGunzip,
  'gunzipSync (default)': (bytes) => void gunzipSync(bytes),
  'tarwarden inspect': (bytes) => {
    if (inspect(bytes).status !== 'accept') throw new Error('a real package was rejected');
  },
  'node-tar list': (bytes) => {
    const parser = new Parser();
    parser.on('entry', (entry) => entry.resume());
    parser.end(bytes);
  },
  'pnpm parser with sha512': (bytes) => {
    addFilesFromTarball(
      (content) => ({ digest: createHash('sha512').update(content).digest('hex') }),
      null,
      bytes,
      true,
    );
  },
  'tar-stream': tarStream,
  'modern-tar': async (bytes) => void (await unpackTar(gunzipSync(bytes))),
};

const BASE = 'gunzipSync (chunkSize from ISIZE)';

async function cpu(contender: Contender, set: readonly Tarball[]): Promise<number> {
  const before = process.cpuUsage();
  for (const { bytes } of set) await contender(bytes);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

/** Processor time per set and contender, `rounds` times in turn, as ratios to the best gunzip of the same round. */
export async function benchCore(tarballs: readonly Tarball[], rounds: number): Promise<string> {
  const sets = {
    all: tarballs,
    'under 64 kB': tarballs.filter(({ bytes }) => bytes.length < 64 * 1024),
  };
  const parts: string[] = [];
  for (const [label, set] of Object.entries(sets)) {
    const times: Record<string, number[]> = {};
    for (const contender of Object.values(CONTENDERS)) await cpu(contender, set);
    for (let round = 0; round < rounds; round++) {
      for (const [name, contender] of Object.entries(CONTENDERS)) {
        (times[name] ??= []).push(await cpu(contender, set));
      }
    }
    const rows = Object.entries(times).map(([name, values]) => [
      name,
      shown(spread(values), ' ms'),
      shown(ratios(values, times[BASE]!)),
      shown(ratios(times['tarwarden inspect']!, values)),
    ]);
    parts.push(
      `${set.length} tarballs, ${label} (processor time, median of ${rounds} rounds):\n\n` +
        table(['', 'time', 'over best gunzip', 'tarwarden over it'], rows),
    );
  }
  return parts.join('\n\n');
}
