import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'manifest-duplicate';

describe('manifest-duplicate', () => {
  it('rejects two package.json that differ', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/package.json', body: '{"name":"fixture","version":"1.0.0","x":1}' }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 2 },
    ]);
  });

  it('rejects one from another first folder', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'other/package.json', body: '{"name":"fixture","version":"1.0.0"}' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'other/package.json' }]);
  });

  it('is silent about package.json in other folders', () => {
    expectSilent(inspected(tgz({ files: { 'esm/package.json': '{"type":"module"}' } })), RULE);
  });

  it('is silent about the same twice', () => {
    const verdict = inspected(
      tgz({
        manifest: Buffer.from('{"name":"fixture","version":"1.0.0"}'),
        entries: [
          entry({ name: 'package/./package.json', body: '{"name":"fixture","version":"1.0.0"}' }),
        ],
      }),
    );
    expectSilent(verdict, RULE);
  });
});
