import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'missing-end-marker';

describe('missing-end-marker', () => {
  it('rejects an archive without zero blocks', () => {
    const verdict = inspected(tgz({ tail: [] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one zero block', () => {
    const verdict = inspected(tgz({ tail: [end(1)] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2560 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about two zero blocks', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about many', () => {
    const verdict = inspected(tgz({ tail: [end(16)] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
