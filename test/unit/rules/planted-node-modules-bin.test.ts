import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'planted-node-modules-bin';

describe('planted-node-modules-bin', () => {
  it('rejects a command in the package', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/node_modules/.bin/tsc', mode: 0o755 })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/node_modules/.bin/tsc', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['a bundled dependency', 'package/node_modules/@scope/dep/node_modules/.bin/tsc'],
    ['another case', 'package/Node_Modules/.BIN/tsc'],
  ])('rejects one in %s', (_, name) => {
    expectRejected(inspected(packageWith(entry({ name }))), RULE, [{ level: 'error' }]);
  });

  it.each([
    'NODE_M~1/.bin/node',
    'node_modules/BIN~1/node',
    'node_modules/.b\uffa0in/node',
    'node_\u2065modules/.bin/node',
  ])('rejects the same file by another name: %s', (name) => {
    const verdict = inspected(packageWith(entry({ name: `package/${name}`, body: 'x' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about bundled dependencies', () => {
    const verdict = inspected(
      tgz({ files: { 'node_modules/dep/package.json': '{}', 'node_modules/dep/bin/tsc': '' } }),
    );
    expectSilent(verdict, RULE);
  });

  it("is silent about one in a template, which is on nobody's path", () => {
    expectSilent(inspected(tgz({ files: { 'template/node_modules/.bin/x': '' } })), RULE);
  });
});
