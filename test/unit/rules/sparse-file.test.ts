import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { gnuSparse, tgz } from '../../support/pkg.ts';

const RULE = 'sparse-file';

describe('sparse-file', () => {
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
