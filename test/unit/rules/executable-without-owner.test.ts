import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { sdist } from '../../support/sdist.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'executable-without-owner';
const withMode = (mode: number): Buffer =>
  sdist({ entries: [entry({ name: 'fixture-1.0.0/run.sh', mode })] });

describe('executable-without-owner', () => {
  it('warns of a file that others may run', () => {
    for (const mode of [0o655, 0o654, 0o645]) {
      const verdict = inspectedSdist(withMode(mode));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', field: 'mode' }]);
      expect(verdict.status).toBe('accept');
    }
  });

  it('is silent about what its owner may run, and nobody else', () => {
    expect(inspectedSdist(withMode(0o744)).findings).toEqual([]);
  });
});
