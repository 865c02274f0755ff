import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { gnuSparse, tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

describe('pax-sparse', () => {
  const RULE = 'pax-sparse';

  it('rejects a sparse file in PAX clothes', () => {
    const verdict = inspected(
      packageWith(
        pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0' }),
        entry({ name: 'package/x.js', body: 'x' }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', offset: 2048 },
      { level: 'error', offset: 2048 },
    ]);
  });

  it.each([
    ['the size that star gives', { 'SCHILY.realsize': '4' }],
    ['the holes that Solaris gives', { 'SUN.holesdata': ' 0 4' }],
    ['a part of a volume', { 'GNU.volume.filename': 'x' }],
  ])('rejects %s', (_, records) => {
    const verdict = inspected(
      packageWith(pax(records), entry({ name: 'package/x.js', body: 'x' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about other keys of star', () => {
    const verdict = inspected(
      packageWith(
        pax({ 'SCHILY.dev': '1', 'SCHILY.ino': '2', 'SCHILY.nlink': '1' }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});

describe('sparse-file', () => {
  const RULE = 'sparse-file';

  it('rejects a GNU sparse file', () => {
    const verdict = inspected(packageWith(gnuSparse({ name: 'package/sparse' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/sparse', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('is silent about a file of zeros', () => {
    expectSilent(inspected(tgz({ files: { 'zeros.bin': Buffer.alloc(4096) } })), RULE);
  });
});
