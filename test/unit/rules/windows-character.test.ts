import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'windows-character';

describe('windows-character', () => {
  it.each([
    ['of a question mark', 'package/a?.js'],
    ['of angle brackets and a star', 'package/<a>*.js'],
  ])('warns %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about brackets that Windows allows', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/[id]/(group).js' }))), RULE);
  });
});
