import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { sdist, sdistTar } from '../../support/sdist.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'stray-zip-end-record';

describe('stray-zip-end-record', () => {
  const withBytes = (body: Buffer): Buffer =>
    gzip(sdistTar({ entries: [entry({ name: 'fixture-1.0.0/data', body })] }), { level: 0 });
  const signature = Buffer.from('PK\x05\x06', 'latin1');

  it('warns of the signature of an end record that leads to nothing', () => {
    const verdict = inspectedSdist(withBytes(Buffer.concat([signature, Buffer.alloc(100, 1)])));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', layer: 'zip' }]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about one that Python does not find', () => {
    const far = Buffer.concat([signature, Buffer.alloc(0x1_0000 + 22, 1)]);
    expect(inspectedSdist(withBytes(far)).findings).toEqual([]);
    // So near the end that no record fits, where Python gives up.
    const near = Buffer.concat([sdist(), signature]);
    expect(inspectedSdist(near).of(RULE)).toEqual([]);
  });
});
