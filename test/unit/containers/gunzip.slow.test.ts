import { describe, expect, it } from 'vitest';
import type { Anomaly } from '../../../packages/core/src/finding/anomaly.ts';
import { gunzip } from '../../../packages/core/src/containers/gzip/gunzip.ts';
import { inflateRaw, inflateWhole } from '../../../packages/core/src/containers/gzip/inflate.ts';
import { DEFAULT_LIMITS } from '../../../packages/core/src/limits.ts';
import { attacks, cleanOddities } from '../../support/attacks.ts';
import { gzip } from '../../support/gzip.ts';

function told(
  bytes: Buffer,
  how: Parameters<typeof gunzip>[3],
  limits = DEFAULT_LIMITS,
): { unpacked: Buffer; anomalies: Anomaly[]; complete: boolean } {
  const pieces: Buffer[] = [];
  const anomalies: Anomaly[] = [];
  const { complete, unpackedBytes } = gunzip(
    bytes,
    {
      piece: (piece) => pieces.push(Buffer.from(piece)) > 0,
      anomaly: (anomaly) => void anomalies.push(anomaly),
    },
    limits,
    how,
  );
  const unpacked = Buffer.concat(pieces);
  expect(unpackedBytes).toBe(unpacked.length);
  return { unpacked, anomalies, complete };
}

const files = [...attacks, ...cleanOddities]
  // Large by design; the limits are tried below.
  .filter(({ id }) => !/limit|oversized|large/.test(id))
  .map((one) => [one.id, one.build()] as const)
  .filter(([, bytes]) => bytes.length < 100_000 && bytes[0] === 0x1f && bytes.length > 10);

describe('unpacking', () => {
  it.each(files)('%s gives the same in pieces of any size', (_id, bytes) => {
    const whole = told(bytes, {});
    const damaged = whole.anomalies.some(({ code }) => code === 'gzip-corrupt');
    for (const pieceBytes of [1, 7, 64, 1000]) {
      const pieces = told(bytes, { pieceBytes });
      // How far a damaged stream was read before it is reported is the decoder's affair.
      if (damaged) expect(pieces.anomalies.map(({ code }) => code)).toContain('gzip-corrupt');
      else expect(pieces).toEqual(whole);
    }
  });

  it.each(files)('%s gives the same without the native binding', (_id, bytes) => {
    const native = told(bytes, { inflate: inflateRaw });
    const whole = told(bytes, { inflate: inflateWhole });
    expect(whole.complete).toBe(native.complete);
    expect(whole.anomalies.map(({ code }) => code)).toEqual(
      native.anomalies.map(({ code }) => code),
    );
    if (native.complete) expect(whole).toEqual(native);
  });

  it.each([
    ['the native binding', inflateRaw],
    ['the public interface', inflateWhole],
  ])('stops at the same limits with %s', (_title, inflate) => {
    const bytes = gzip(Buffer.alloc(10_000, 'x'));
    const limits = { ...DEFAULT_LIMITS, unpackedBytes: 9_999 };
    const codes = (cap: typeof limits): string[] =>
      told(bytes, { inflate }, cap).anomalies.map(({ code }) => code);
    expect(codes(limits)).toEqual(['unpacked-size-limit']);
    expect(codes({ ...limits, unpackedBytes: 10_000 })).toEqual([]);
    const dense = gzip(Buffer.alloc(20 << 20));
    const found = told(dense, { inflate }).anomalies.map(({ code }) => code);
    expect(found).toEqual(['compression-ratio-limit']);
  });

  it('is used again after a damaged stream', () => {
    const good = gzip(Buffer.from('good'));
    const bad = gzip(Buffer.alloc(0), { deflated: Buffer.alloc(64, 0xff) });
    for (const bytes of [good, bad, good, bad, bad, good]) told(bytes, {});
    expect(told(good, {}).unpacked.toString()).toBe('good');
  });

  it('may be used while it is in use', () => {
    const outer = gzip(Buffer.from('outer'));
    const found: string[] = [];
    gunzip(
      outer,
      {
        piece(piece) {
          found.push(told(gzip(Buffer.from('inner')), {}).unpacked.toString(), piece.toString());
          return true;
        },
        anomaly: () => undefined,
      },
      DEFAULT_LIMITS,
    );
    expect(found).toEqual(['inner', 'outer']);
  });
});
