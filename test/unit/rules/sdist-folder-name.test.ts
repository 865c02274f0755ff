import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { sdist } from '../../support/sdist.ts';

const RULE = 'sdist-folder-name';

describe('sdist-folder-name', () => {
  it('warns of a folder that is named after nothing', () => {
    const verdict = inspectedSdist(sdist({ top: 'sources' }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', entry: 'sources/PKG-INFO' }]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about spellings from before PEP 625', () => {
    for (const top of ['fixture-1.0.0', 'Fixture-1.0', 'FIXTURE-v1'])
      expect(inspectedSdist(sdist({ top })).findings).toEqual([]);
  });
});
