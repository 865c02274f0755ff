import { describe, expect, it } from 'vitest';
import { judged } from '../../support/judged.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'missing-end-marker';

describe('missing-end-marker', () => {
  it('rejects an archive without zero blocks', () => {
    const verdict = judged(tgz({ tail: [] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one zero block', () => {
    const verdict = judged(tgz({ tail: [end(1)] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2560 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about two zero blocks', () => {
    const verdict = judged(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about many', () => {
    const verdict = judged(tgz({ tail: [end(16)] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
