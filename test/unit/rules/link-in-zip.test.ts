import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { sdistZip } from '../../support/sdist.ts';
import { zipSymlink } from '../../support/zip.ts';

const RULE = 'link-in-zip';

describe('link-in-zip', () => {
  const inspectedZip = (bytes: Buffer): ReturnType<typeof inspectedSdist> =>
    inspectedSdist(bytes, { fileName: 'fixture-1.0.0.zip' });

  it('rejects a link to a file of the sdist', () => {
    const verdict = inspectedZip(
      sdistZip({ entries: [zipSymlink('fixture-1.0.0/link', 'backend.py')] }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'zip', entry: 'fixture-1.0.0/link' }]);
  });

  it('is silent about a zip without links', () => {
    expect(inspectedZip(sdistZip()).findings).toEqual([]);
  });
});
