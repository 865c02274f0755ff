import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'duplicate-path';

describe('duplicate-path', () => {
  it('rejects a path twice with other bytes', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/index.js', body: 'evil' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/index.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects it by way of `.`', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/./index.js', body: 'evil' })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/./index.js' }]);
  });

  it('rejects it from another first folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'other/index.js', body: 'evil' })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'other/index.js' }]);
  });

  it('rejects equal bytes where one is executable', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/index.js', body: 'module.exports = 1\n', mode: 0o755 })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/index.js' }]);
  });

  it('rejects the third of three', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/index.js', body: 'module.exports = 1\n' }),
        entry({ name: 'package/index.js', body: 'evil' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it('is silent about the same name in two folders', () => {
    expectSilent(inspected(tgz({ files: { 'lib/index.js': 'x' } })), RULE);
  });

  it('is silent about equal bytes, which are only a warning', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/./index.js', body: 'module.exports = 1\n' })),
    );
    expectSilent(verdict, RULE);
  });
});
