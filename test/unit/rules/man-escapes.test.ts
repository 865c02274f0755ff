import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'man-escapes';

describe('man-escapes', () => {
  it.each([
    ['a manual page outside the package', ['../../../evil.1']],
    ['a single one', '../evil.1'],
  ])('rejects %s', (_, man) => {
    const verdict = inspected(tgz({ manifest: { man } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about a page in the package', () => {
    expectSilent(inspected(tgz({ manifest: { man: './man/fixture.1' } })), RULE);
  });
});
