import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, gnuLongName, pax } from '../../support/tar.ts';

const RULE = 'extended-header-repeated';

describe('extended-header-repeated', () => {
  it('rejects two PAX headers before one entry', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/one.js' }),
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('rejects two GNU long names before one entry', () => {
    const verdict = inspected(
      packageWith(
        gnuLongName('package/one.js'),
        gnuLongName('package/x.js'),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('rejects two global headers before one entry, on which bun fails', () => {
    const global = pax({ comment: 'x' }, { global: true });
    const verdict = inspected(packageWith(global, global, entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('is silent about global headers before entries of their own', () => {
    const global = pax({ comment: 'x' }, { global: true });
    const verdict = inspected(
      packageWith(
        global,
        pax({ comment: 'y' }),
        entry({ name: 'package/x.js' }),
        global,
        entry({ name: 'package/y.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about one each for two entries', () => {
    const verdict = inspected(
      packageWith(
        pax({ comment: 'x' }),
        entry({ name: 'package/x.js' }),
        pax({ comment: 'x' }),
        entry({ name: 'package/y.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
