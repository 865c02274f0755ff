import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-name-mismatch';

describe('manifest-name-mismatch', () => {
  it.each([
    ['another name', 'other'],
    ['another case', 'Fixture'],
    ['no name', undefined],
    ['a name in another scope', '@evil/fixture'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(tgz({ manifest: { name } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about the name that was asked for', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about any name where nobody asked for one, as with git and file dependencies', () => {
    expectSilent(inspected(tgz({ manifest: { name: 'other' } }), { expected: {} }), RULE);
  });
});
