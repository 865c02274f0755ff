/** Other readers, to compare with the core. Each reads a whole tarball from memory and keeps nothing. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { inspect, type Verdict } from '@tarwarden/core';
import { unpackTar } from 'modern-tar';
import { Parser } from 'tar';
import { extract } from 'tar-stream';

export type Reader = (bytes: Buffer) => void | Promise<void>;

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

// The lowest cost of zlib, with one allocation of the right size. ISIZE is trusted only up to a cap.
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

function nodeTar(bytes: Buffer): void {
  const parser = new Parser();
  parser.on('entry', (entry) => entry.resume());
  parser.end(bytes);
}

/** The work of npm before it writes a file: node-tar reads the tarball, and ssri hashes it. */
function nodeTarAndHash(bytes: Buffer): void {
  createHash('sha512').update(bytes).digest();
  nodeTar(bytes);
}

function pnpmParser(bytes: Buffer): void {
  const add = (content: Buffer): object => ({
    digest: createHash('sha512').update(content).digest('hex'),
  });
  addFilesFromTarball(add, null, bytes, true);
}

function tarwarden(bytes: Buffer): void {
  expectClean(inspect(bytes));
}

// The hooks pass the hash of bytes that they have verified, so the core hashes nothing, like node-tar's list. The value of the hash
// does not change the time.
const VERIFIED = '0'.repeat(128);
function tarwardenVerified(bytes: Buffer): void {
  expectClean(inspect(bytes, { sha512: VERIFIED }));
}

function expectClean({ status }: Verdict): void {
  if (status !== 'accept') throw new Error('a real package was rejected');
}

export const GUNZIP = 'gunzipSync, one chunk';
export const CORE = 'tarwarden core';
export const CORE_VERIFIED = 'tarwarden core, bytes verified';

export const READERS: Readonly<Record<string, Reader>> = {
  [GUNZIP]: bestGunzip,
  'gunzipSync, default chunks': (bytes) => void gunzipSync(bytes),
  [CORE]: tarwarden,
  [CORE_VERIFIED]: tarwardenVerified,
  'pnpm parser, sha512': pnpmParser,
  'node-tar, list': nodeTar,
  'node-tar, list, sha512': nodeTarAndHash,
  'tar-stream': tarStream,
  'modern-tar': async (bytes) => void (await unpackTar(gunzipSync(bytes))),
};
