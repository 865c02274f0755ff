import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'link-target-on-file';

describe('link-target-on-file', () => {
  it('rejects a file with a link target', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', linkname: 'index.js', body: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects package.json with a link target, which npm would not find', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [
          entry({
            name: 'package/package.json',
            linkname: 'x',
            body: '{"name":"fixture","version":"1.0.0"}',
          }),
        ],
      }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/package.json' }]);
  });

  it('rejects a folder with one', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', linkname: 'x' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/lib' }]);
  });

  it('rejects an extended header with one, which Yarn 4.18 passes over', () => {
    const path = `package/${'x'.repeat(100)}/index.js`;
    const named = { name: path.slice(0, 100), body: 'x' };
    const verdict = inspected(packageWith(pax({ path }, { linkname: 'index.js' }), entry(named)));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
    expectSilent(inspected(packageWith(pax({ path }), entry(named))), RULE);
  });

  it('is silent about a file without', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about owner names, which stand nearby', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uname: 'builder', gname: 'staff' })),
    );
    expectSilent(verdict, RULE);
  });
});
