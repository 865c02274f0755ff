import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'missing-end-marker';

describe('missing-end-marker', () => {
  it.each([
    ['an archive without zero blocks', [], 2048],
    ['one zero block', [end(1)], 2560],
  ])('rejects %s', (_, tail, offset) => {
    const verdict = inspected(tgz({ tail }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['two zero blocks', tgz()],
    ['many', tgz({ tail: [end(16)] })],
  ])('is silent about %s', (_, archive) => {
    const verdict = inspected(archive);
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
