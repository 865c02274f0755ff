import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { attacks, cleanOddities } from '../../support/attacks.ts';
import { cut, told } from '../../support/told.ts';
import { packageModel, tarOf } from '../../fuzz/grammar.ts';

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
