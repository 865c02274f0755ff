import { inspect } from '@tarwarden/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agree } from '../differential/oracles/agreement.ts';
import { parsers } from '../differential/oracles/parsers.ts';
import { packageModel, tarOf, tgzOf } from '../fuzz/grammar.ts';
import { compress, mutateTar } from '../fuzz/mutate.ts';
import { Random } from '../fuzz/random.ts';
import { gzip } from '../support/gzip.ts';

const expected = { name: 'fixture', version: '1.0.0' };

describe('a well-formed package', () => {
  it('is accepted without a finding, in whatever form', () => {
    fc.assert(
      fc.property(packageModel, (model) => {
        const verdict = inspect(tgzOf(model), { expected });
        // Ordinary packages have install scripts, and dependencies at an address.
        const ordinary = ['install-script', 'dependency-outside-registry'];
        expect(verdict.findings.filter(({ rule }) => !ordinary.includes(rule))).toEqual([]);
        expect(verdict.status).toBe('accept');
        expect(verdict.manifest).toMatchObject(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is told of in the same way each time', () => {
    fc.assert(
      fc.property(packageModel, (model) => {
        const bytes = tgzOf(model);
        expect(inspect(bytes, { pieceBytes: 13 })).toEqual(inspect(bytes));
      }),
      { numRuns: 60 },
    );
  });
});

/** Ways in which parsers read a changed archive differently although it is accepted. */
async function readApart(tgz: Buffer): Promise<readonly string[]> {
  const verdict = inspect(tgz);
  return verdict.status === 'accept' ? (await agree(tgz, verdict, parsers)).disagreements : [];
}

const at = fc.nat({ max: 1_000_000 });
const byte = fc.nat({ max: 255 });

describe('a package of which one thing was changed is refused or read alike', () => {
  it('a byte of the compressed file', async () => {
    await fc.assert(
      fc.asyncProperty(packageModel, at, byte, async (model, place, value) => {
        const tgz = tgzOf(model);
        tgz[place % tgz.length] = value;
        expect(await readApart(tgz)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('a byte of the tar', async () => {
    await fc.assert(
      fc.asyncProperty(packageModel, at, byte, async (model, place, value) => {
        const tar = tarOf(model);
        tar[place % tar.length] = value;
        expect(await readApart(gzip(tar, { level: 1 }))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('an end that is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(packageModel, at, fc.boolean(), async (model, place, packed) => {
        const bytes = packed ? tgzOf(model) : tarOf(model);
        const short = bytes.subarray(0, place % bytes.length);
        expect(await readApart(packed ? short : gzip(short, { level: 1 }))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it('bytes that were put in', async () => {
    const added = fc.uint8Array({ minLength: 1, maxLength: 1024 });
    await fc.assert(
      fc.asyncProperty(packageModel, at, added, async (model, place, bytes) => {
        const tar = tarOf(model);
        const cut = place % tar.length;
        const longer = Buffer.concat([tar.subarray(0, cut), bytes, tar.subarray(cut)]);
        expect(await readApart(gzip(longer, { level: 1 }))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it('fields, entries and extended headers', async () => {
    await fc.assert(
      fc.asyncProperty(packageModel, fc.nat(), async (model, seed) => {
        const random = new Random(seed);
        expect(await readApart(compress(mutateTar(tarOf(model), random), random))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });
});

describe('any bytes', () => {
  it('are inspected, not thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), (bytes, packed) => {
        const verdict = inspect(packed ? gzip(bytes) : bytes);
        expect(verdict.status).toBe('reject');
      }),
      { numRuns: 150 },
    );
  });
});
