import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';
import { entry, gnuLongLink, gnuLongName, pax, type Part } from '../../support/tar.ts';

const RULE = 'extended-headers-mixed';
const top = 'fixture-1.0.0';
const file = entry({ name: `${top}/short.py` });
const link = entry({ name: `${top}/link`, typeflag: '2', linkname: 'backend.py' });
const long = gnuLongName(`${top}/long.py`);
const withEntries = (...entries: Part[]): ReturnType<typeof inspectedSdist> =>
  inspectedSdist(sdist({ entries }));

describe('extended-headers-mixed', () => {
  it('rejects a PAX header and a GNU one, whichever comes first', () => {
    const other = pax({ path: `${top}/short.py` });
    for (const parts of [
      [long, other, file],
      [other, long, file],
    ]) {
      const verdict = withEntries(...parts);
      expectRejected(verdict, RULE, [{ level: 'error', layer: 'tar' }]);
    }
  });

  it('rejects a link target by GNU with a path by PAX', () => {
    const parts = [gnuLongLink('backend.py'), pax({ path: `${top}/link` }), link];
    expect(withEntries(...parts).of(RULE)).toHaveLength(1);
  });

  it('is silent about GNU headers alone, which are a note of another rule', () => {
    const verdict = withEntries(
      long,
      file,
      gnuLongName(`${top}/link`),
      gnuLongLink('backend.py'),
      link,
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about each kind before an entry of its own', () => {
    const other = entry({ name: `${top}/b.py` });
    expect(withEntries(long, file, pax({ path: `${top}/b.py` }), other).of(RULE)).toEqual([]);
  });
});
