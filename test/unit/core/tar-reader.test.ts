import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { TarReader } from '../../../packages/core/src/archive/tar/reader.ts';
import { DEFAULT_LIMITS } from '../../../packages/core/src/limits.ts';
import { attacks, cleanOddities } from '../../support/attacks.ts';
import { packageModel, tarOf } from '../../fuzz/grammar.ts';

/** Everything that a reader tells, contents joined. */
function told(pieces: Iterable<Buffer>): unknown[] {
  const events: unknown[] = [];
  const bodies = new Map<number, Buffer[]>();
  const reader = new TarReader(
    {
      entry(entry) {
        events.push({ ...entry });
        bodies.set(entry.index, []);
        return true;
      },
      // The memory under a piece is the reader's caller's, so it is copied here.
      body: (entry, piece) => void bodies.get(entry.index)?.push(Buffer.from(piece)),
      anomaly: (anomaly) => void events.push({ ...anomaly }),
    },
    DEFAULT_LIMITS,
  );
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    reader.push(copy);
    copy.fill(0xee);
  }
  reader.end();
  const contents = [...bodies].map(([index, list]) => [index, Buffer.concat(list).toString('hex')]);
  return [...events, contents, reader.entries, reader.stopped];
}

function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** Archives that are large by design are read elsewhere. */
const large = /limit|oversized|large/;

const tars = [...attacks, ...cleanOddities].flatMap((one) => {
  if (large.test(one.id)) return [];
  try {
    const tar = gunzipSync(one.build());
    return tar.length < 200_000 ? [[one.id, tar] as const] : [];
  } catch {
    return [];
  }
});

describe('the tar reader tells the same', () => {
  it('has archives to read', () => {
    expect(tars.length).toBeGreaterThan(150);
  });

  it.each(tars)('of %s whole, byte by byte, and in odd pieces', (_id, tar) => {
    const whole = told([tar]);
    for (const lengths of [[1], [511], [513], [1, 700, 3, 512, 5000]])
      expect(told(cut(tar, lengths))).toEqual(whole);
  });

  it('of any package in any pieces', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(packageModel, lengths, (model, sizes) => {
        const tar = tarOf(model);
        expect(told(cut(tar, sizes))).toEqual(told([tar]));
      }),
      { numRuns: 40 },
    );
  });

  it('of empty pieces as of none', () => {
    const [, tar] = tars[0] ?? ['', Buffer.alloc(0)];
    expect(told([Buffer.alloc(0), tar, Buffer.alloc(0)])).toEqual(told([tar]));
  });
});
