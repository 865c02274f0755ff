import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'absolute-path';

describe('absolute-path', () => {
  it('rejects an absolute path', () => {
    const verdict = inspected(packageWith(entry({ name: '/nonexistent/planted' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: '/nonexistent/planted', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('is silent about a path like one further in', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/etc/passwd' }))), RULE);
  });
});
