import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'missing-end-marker';

describe('missing-end-marker', () => {
  it.each([
    ['an archive without zero blocks', [], 2048],
    ['one zero block', [end(1)], 2560],
  ])('rejects %s', (_, tail, offset) => {
    expectRejected(inspected(tgz({ tail })), RULE, [{ level: 'error', offset }]);
  });

  it.each([
    ['two zero blocks', tgz()],
    ['many', tgz({ tail: [end(16)] })],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
