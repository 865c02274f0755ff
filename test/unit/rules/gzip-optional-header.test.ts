import { describe, expect, it } from 'vitest';
import { expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-optional-header';

describe('gzip-optional-header', () => {
  it('warns of a file name and a comment', () => {
    const verdict = inspected(tgz({}, { name: 'package.tar', comment: 'x' }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', offset: 0 }]);
    expect(verdict.status).toBe('accept');
  });

  it('warns of the text flag', () => {
    const verdict = inspected(tgz({}, { flags: 1 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning' }]);
    expect(verdict.status).toBe('accept');
  });

  it.each([
    ['a plain header', tgz()],
    ['a time', tgz({}, { mtime: 1 })],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
