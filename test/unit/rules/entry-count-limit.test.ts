import { DEFAULT_POLICY, DEFAULT_LIMITS } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, end, entry, header, pax } from '../../support/tar.ts';

const RULE = 'entry-count-limit';

/** Files in folders of their own, some 30 deep. */
function deepFiles(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    header({ name: `package/${index}/${'d/'.repeat(40)}f` }),
  );
}

describe('entry-count-limit', () => {
  it('rejects more entries than the limit, and reads no further', () => {
    const verdict = inspected(tgz({ files: { 'a.js': '', 'b.js': '' } }), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 3 } },
    });
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 512 }]);
  });

  it('rejects more folders than can be kept, named by deep paths', () => {
    const verdict = inspected(gzip(archive(pkg({ tail: [] }), deepFiles(8000), end())));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about exactly the limit', () => {
    const verdict = inspected(tgz({ files: { 'a.js': '' } }), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 3 } },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about extended headers, which do not count', () => {
    const verdict = inspected(packageWith(pax({ comment: 'x' }), entry({ name: 'package/x.js' })), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, entries: 3 } },
    });
    expectSilent(verdict, RULE);
  });
});
