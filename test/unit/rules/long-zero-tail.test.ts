import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'long-zero-tail';

const withTail = (zeros: number): Buffer => tgz({ tail: [end(), Buffer.alloc(zeros)] });

describe('long-zero-tail', () => {
  it('warns of more than 10,240 zeros after the end marker', () => {
    for (const zeros of [10_241, 10_752, 50_000]) {
      const verdict = inspected(withTail(zeros));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', offset: 2048 }]);
      expect(verdict.of(RULE)[0]?.message).toContain(`${zeros} bytes`);
      expect(verdict.status).toBe('accept');
    }
  });

  it('is silent about up to 10,240 zeros', () => {
    for (const zeros of [0, 1, 512, 9216, 10_240])
      expect(inspected(withTail(zeros)).findings).toEqual([]);
  });

  it('is silent about other bytes, which are an error of another name', () => {
    const verdict = inspected(
      tgz({ tail: [end(), Buffer.alloc(10_752), Buffer.from('text'.padEnd(512, '.'))] }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
