import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'extended-header-orphan';

describe('extended-header-orphan', () => {
  it('rejects a PAX header before the end', () => {
    const verdict = inspected(packageWith(pax({ path: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it('rejects a global header between a PAX header and its entry', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }),
        pax({ comment: 'x' }, { global: true }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('rejects a global header at the end, which Python refuses', () => {
    const verdict = inspected(packageWith(pax({ comment: 'x' }, { global: true })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a global header at the beginning', () => {
    expectSilent(inspected(tgz({ before: [pax({ comment: 'x' }, { global: true })] })), RULE);
  });

  it('is silent about a global header before a PAX header', () => {
    const verdict = inspected(
      packageWith(
        pax({ comment: 'x' }, { global: true }),
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
